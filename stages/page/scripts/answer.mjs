// What the network says: the digit, and ten probabilities as bars.

import { byId, decimal, element, percent, rove } from "./elements.mjs";
import { order } from "./network.mjs";

/** The view of the answer; `point` is called with a digit that is pointed at. */
export function answerView(point) {
  const bars = [...Array(10).keys()].map(bar);
  const buttons = bars.map(({ button }) => button);
  byId("bars").append(...buttons);
  rove(byId("bars"), buttons, point);
  return { show: (output) => show(bars, output), mark: (digit) => mark(bars, digit) };
}

function bar(digit) {
  const fill = element("span", "fill");
  const share = element("data", "share", "–");
  const track = element("span", "track", "", fill);
  const button = element("button", "bar", "", element("b", "", String(digit)), track, share);
  button.type = "button";
  return { button, fill, share };
}

function show(bars, output) {
  const best = output && order(output.values)[0];
  bars.forEach(({ button, fill, share }, digit) => {
    const probability = output ? output.values[digit] : 0;
    fill.style.transform = `scaleX(${probability})`;
    share.value = output ? String(probability) : "";
    share.textContent = output ? percent(probability) : "–";
    button.classList.toggle("best", digit === best);
    const sum = output ? `, sum ${decimal(output.sums[digit])}` : "";
    button.setAttribute("aria-label", `Digit ${digit}: ${output ? percent(probability) : "not yet read"}${sum}`);
  });
  byId("digit").textContent = output ? String(best) : "?";
  byId("sure").textContent = output ? percent(output.values[best]) : "draw a digit";
}

function mark(bars, digit) {
  bars.forEach(({ button }, other) => button.classList.toggle("marked", other === digit));
}

/** A sentence that says what the network reads. */
export function sentence(probabilities) {
  const [first, second] = order(probabilities);
  const said = (digit) => `${digit}, ${percent(probabilities[digit])}`;
  return `It reads ${said(first)}; then ${said(second)}.`;
}
