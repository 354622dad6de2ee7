// Where the value of one unit comes from: what each of its inputs gives to its sum.

import { byId, decimal, element, percent } from "./elements.mjs";
import { given, weightsOfUnit } from "./network.mjs";
import { acrossOf, canvasFor, largest, paintGreys, paintSigned } from "./pictures.mjs";

const MOST_ROWS = 16;

/** Shows a unit of a layer (both from 0) of a network, and what it made of an image. */
export function showOrigin(network, thoughts, number, unit, palette) {
  const layer = network.layers[number];
  const last = number === network.layers.length - 1;
  byId("origin-title").textContent = last ? `Why ${unit}?` : `Layer ${number + 1}, unit ${unit + 1}`;
  const thought = thoughts?.[number];
  const parts = thought && given(layer, unit, thought.input);
  const body = number === 0
    ? pixelPictures(layer, unit, thought, parts, network.side, palette)
    : inputRows(layer, unit, thought, parts, number);
  byId("origin-body").replaceChildren(...body);
  byId("origin-sum").textContent = thought ? equation(network, thought, parts, layer.b[unit], unit, last) : "";
}

/** Three pictures: the weights, the image, and the one times the other. */
function pixelPictures(layer, unit, thought, parts, side, palette) {
  const [weights, got, both] = [0, 1, 2].map(() => canvasFor(layer.inputs, side));
  const own = weightsOfUnit(layer, unit);
  paintSigned(weights, own, largest(own), palette);
  const input = thought?.input ?? new Float64Array(layer.inputs);
  const most = largest(input) || 1;
  paintGreys(got, Array.from(input, (x) => (255 * x) / most));
  paintSigned(both, parts ?? new Float64Array(layer.inputs), parts ? largest(parts) : 1, palette);
  return [
    figure(weights, "it looks for"),
    element("span", "sign", "×"),
    figure(got, "it got"),
    element("span", "sign", "="),
    figure(both, "what that gives"),
  ];
}

const figure = (canvas, text) => element("figure", "", "", canvas, element("figcaption", "", text));

/** A row for each of the inputs that give most. */
function inputRows(layer, unit, thought, parts, number) {
  if (!thought) return [element("p", "note", "Draw a digit to see what each unit before it gives.")];
  const inputs = [...parts.keys()].sort((one, other) => Math.abs(parts[other]) - Math.abs(parts[one]));
  const most = Math.max(largest(parts), Math.abs(layer.b[unit]));
  const weights = weightsOfUnit(layer, unit);
  const rows = inputs.slice(0, MOST_ROWS).map((input) => {
    const text = `${decimal(thought.input[input])} × ${decimal(weights[input])}`;
    return partRow(`unit ${input + 1}`, text, parts[input], most);
  });
  const others = inputs.slice(MOST_ROWS);
  if (others.length) {
    const sum = others.reduce((all, input) => all + parts[input], 0);
    rows.push(partRow(`${others.length} others`, "", sum, most));
  }
  const caption = element("caption", "", `value in layer ${number} × weight = what it gives`);
  const body = element("tbody", "", "", ...rows, partRow("bias", "", layer.b[unit], most));
  return [element("table", "parts", "", caption, body)];
}

function partRow(name, text, part, most) {
  const fill = element("span", part < 0 ? "fill below" : "fill");
  fill.style.transform = `scaleX(${Math.max(-1, Math.min(1, part / most))})`;
  const head = element("th", "", name);
  head.scope = "row";
  const track = element("td", "", "", element("span", "track", "", fill));
  return element("tr", "", "", head, element("td", "", text), track, element("td", "", decimal(part)));
}

/** The sum of a unit in words: what speaks for it, what against, the bias, and what follows. */
function equation(network, thought, parts, bias, unit, last) {
  const total = (some) => some.reduce((all, part) => all + part, 0);
  const [pro, con] = [parts.filter((part) => part > 0), parts.filter((part) => part < 0)].map(total);
  const [red, blue, sums] = [pro, con, thought.sums[unit]].map((x) => decimal(x));
  const sum = `red ${red}, blue ${blue}, bias ${decimal(bias)}: the sum is ${sums}`;
  const value = thought.values[unit];
  if (!last) return `${sum}, and ${network.activation} makes ${decimal(value)} of it.`;
  return `${sum}. Held against the other nine sums by the softmax, that is ${percent(value)}.`;
}
