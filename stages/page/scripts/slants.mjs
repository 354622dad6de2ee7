// A digit that leans far brought half the way to where MNIST's lean: as stages/prepare/slants.py.

import { gridOf } from "./grids.mjs";

const USUAL = -0.08; // pixels across for one down: they lean to the right
const TAKEN_OFF = 0.5; // of what the slant differs from that

/** A digit with each row moved along by its distance from the middle. */
export function upright({ height, width, data }) {
  const lean = TAKEN_OFF * (slantOf({ height, width, data }) - USUAL);
  const moved = (row) => lean * (row - (height - 1) / 2);
  const beside = Math.floor(Math.abs(moved(0))) + 2;
  const wide = width + 2 * beside;
  const found = new Float64Array(height * wide);
  for (let row = 0; row < height; row++) {
    const whole = Math.floor(moved(row));
    const part = moved(row) - whole;
    const ink = (place) => {
      const column = place - beside;
      return column >= 0 && column < width ? data[row * width + column] : 0;
    };
    for (let column = 0; column < wide; column++) {
      found[row * wide + column] = ink(column + whole) * (1 - part) + ink(column + whole + 1) * part;
    }
  }
  return gridOf(height, wide, found);
}

/** How far the ink goes across for one pixel down: the line through it that fits best. */
function slantOf({ height, width, data }) {
  let [total, downs, acrosses] = [0, 0, 0];
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      total += data[at];
      downs += data[at] * row;
      acrosses += data[at] * column;
    }
  }
  let [both, spread] = [0, 0];
  for (let row = 0, at = 0; row < height; row++) {
    const down = row - downs / total;
    for (let column = 0; column < width; column++, at++) {
      both += down * data[at] * (column - acrosses / total);
      spread += data[at] * down * down;
    }
  }
  return spread > 0 ? both / spread : 0;
}
