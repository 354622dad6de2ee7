// Test digits that can be put on the canvas: mistakes first.

import { byId, element, rove } from "./elements.mjs";
import { canvasFor, paintGreys } from "./pictures.mjs";

/** Shows the examples; `choose` is called with the number of one. */
export function galleryView(examples, side, choose) {
  const buttons = examples.map((example, number) => exampleButton(example, side, () => choose(number)));
  byId("examples").append(...buttons);
  if (buttons.length) rove(byId("examples"), buttons, () => {});
  byId("gallery").hidden = !buttons.length;
}

function exampleButton({ label, predicted, pixels }, side, choose) {
  const canvas = canvasFor(pixels.length, side);
  paintGreys(canvas, pixels);
  const wrong = label !== predicted;
  const words = element("span", "", wrong ? `${label} → ${predicted}` : String(label));
  const button = element("button", wrong ? "example wrong" : "example", "", canvas, words);
  button.type = "button";
  button.setAttribute("aria-label", wrong ? `A ${label}, read as ${predicted}` : `A ${label}, read right`);
  button.addEventListener("click", choose);
  return button;
}
