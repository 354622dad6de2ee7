// An image of 28 x 28 pixels at another side, as the stage `encode` has it.

import { SIDE } from "./placing.mjs";

/** The means of the areas that larger pixels cover, halves rounded up. */
export function averaged(image, side) {
  if (side === SIDE) return image;
  const area = SIDE * SIDE; // of a larger pixel, where one of 28 is `side` long
  return Uint8Array.from({ length: side * side }, (_, at) => {
    const [row, column] = [Math.floor(at / side), at % side];
    let sum = 0;
    image.forEach((pixel, old) => {
      sum += pixel * overlap(row, Math.floor(old / SIDE), side) * overlap(column, old % SIDE, side);
    });
    return Math.floor((2 * sum + area) / (2 * area));
  });
}

const overlap = (ours, theirs, side) =>
  Math.max(0, Math.min((ours + 1) * SIDE, (theirs + 1) * side) - Math.max(ours * SIDE, theirs * side));
