// The slider over the training: the network after some epochs.

import { byId, element, percent } from "./elements.mjs";

const PAUSE = 700; // milliseconds that each network is shown for

/** Shows the slider, where there are several networks; `choose` is called with a number. */
export function trainingView(networks, { bits, floatBits, facts }, choose) {
  const [slider, play] = [byId("epoch"), byId("play")];
  const say = (number) => {
    const { epoch, accuracy } = networks[number];
    const reads = `reads ${percent(accuracy)} of ${facts.test_rows.toLocaleString("en")} test digits`;
    byId("after").textContent = `after epoch ${epoch}`;
    byId("reads").textContent = reads;
    slider.setAttribute("aria-valuetext", `after epoch ${epoch}, ${reads}`);
    [...byId("ticks").children].forEach((tick, at) => tick.classList.toggle("now", at === number));
  };
  slider.max = networks.length - 1;
  slider.value = slider.max;
  slider.style.setProperty("--count", networks.length);
  byId("ticks").append(...networks.map(tick));
  byId("rounded").textContent = networks.length > 1 ? roundedNote(bits, floatBits) : "";
  byId("slider").hidden = play.hidden = networks.length < 2;
  say(networks.length - 1);
  const go = (number) => {
    slider.value = number;
    say(number);
    choose(number);
  };
  slider.addEventListener("input", () => go(Number(slider.value)));
  play.addEventListener("click", () => playFrom(0, networks.length, go, play));
}

function tick({ epoch, accuracy }) {
  const bar = element("i");
  bar.style.transform = `scaleY(${accuracy})`;
  return element("li", "", "", element("span", "", "", bar), String(epoch));
}

const roundedNote = (bits, floatBits) =>
  `To keep this page small, the networks before the last have weights of ${bits} bits: their ` +
  `probabilities are right to 0.05. The last one's weights are exact (float${floatBits}).`;

/** Shows one network after another, until the last or until the button is pressed again. */
function playFrom(first, count, go, button) {
  if (button.timer) return stop(button);
  let number = first;
  go(number);
  button.textContent = "Stop";
  button.timer = setInterval(() => {
    go(++number);
    if (number === count - 1) stop(button);
  }, PAUSE);
}

function stop(button) {
  clearInterval(button.timer);
  button.timer = 0;
  button.textContent = "Watch it learn";
}
