// The hidden layers: each unit with its weights, what they make of what it got, and its value.

import { byId, decimal, element, rove } from "./elements.mjs";
import { given, weightsOfUnit } from "./network.mjs";
import { acrossOf, canvasFor, largest, paintSigned } from "./pictures.mjs";

const MANY = 64; // units, from which on each is shown in little room
const CENTRED = ["tanh", "silu"]; // activations with values below 0
const BOUNDED = ["sigmoid", "tanh"];

/** The view of a hidden layer; `point` is called with a unit that is pointed at. */
export function layerView(number, layer, side, activation, point) {
  const many = layer.units > MANY;
  const units = Array.from({ length: layer.units }, () => unitButton(layer, number, side, many));
  const buttons = units.map(({ button }) => button);
  const group = element("div", `units${number ? "" : " first"}${many ? " many" : ""}`, "", ...buttons);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", `Layer ${number + 1}: ${layer.units} units`);
  group.classList.toggle("centred", CENTRED.includes(activation));
  rove(group, buttons, point);
  byId("layers").append(element("section", "layer", "", heading(number, layer), group));
  return {
    showWeights: (weights, palette) => showWeights(units, weights, palette),
    showValues: (weights, thought, palette) => showValues(units, weights, thought, palette, activation),
    mark: (unit) => units.forEach(({ button }, other) => button.classList.toggle("marked", other === unit)),
  };
}

function heading(number, layer) {
  const from = number ? `the ${layer.inputs} units before` : `the ${layer.inputs} pixels`;
  const text = `${layer.units} units, each looking at ${from}`;
  return element("h3", "", `Layer ${number + 1} `, element("small", "", text));
}

function unitButton(layer, number, side, many) {
  const across = acrossOf(layer.inputs, number, side);
  const [weights, got] = [canvasFor(layer.inputs, across), canvasFor(layer.inputs, across)];
  const fill = element("span", "fill");
  const text = element("span", "numbers", "–");
  const pictures = element("span", "pictures", "", weights, ...(many ? [] : [got]));
  const button = element("button", "unit", "", pictures, element("span", "track", "", fill), ...(many ? [] : [text]));
  button.type = "button";
  return { button, weights, got: many ? null : got, fill, text };
}

function showWeights(units, layer, palette) {
  const most = largest(layer.W);
  units.forEach(({ weights }, unit) => paintSigned(weights, weightsOfUnit(layer, unit), most, palette));
}

/** Shows sums and values, and weights times what came in; nothing where there is no thought. */
function showValues(units, layer, thought, palette, activation) {
  const most = thought && !BOUNDED.includes(activation) ? largest(thought.values) || 1 : 1;
  const parts = units[0].got && units.map((_, unit) => (thought ? given(layer, unit, thought.input) : []));
  const strongest = parts && Math.max(...parts.map(largest));
  units.forEach(({ button, got, fill, text }, unit) => {
    if (got) paintSigned(got, thought ? parts[unit] : new Float64Array(layer.inputs), strongest, palette);
    const value = thought ? thought.values[unit] : 0;
    fill.style.transform = `scaleX(${value / most})`;
    fill.classList.toggle("below", value < 0);
    text.textContent = thought ? `${decimal(thought.sums[unit], 1)} → ${decimal(value)}` : "–";
    const said = thought ? `sum ${decimal(thought.sums[unit])}, activation ${decimal(value)}` : "nothing yet";
    button.setAttribute("aria-label", `Unit ${unit + 1}: ${said}`);
  });
}
