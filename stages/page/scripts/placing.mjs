// A digit in its place among 28 x 28 pixels: as stages/prepare/placing.py.

import { boxOf, cut, gridOf, transposed } from "./grids.mjs";
import { resampled } from "./resizing.mjs";
import { BOX } from "./stroke_widths.mjs";

export const SIDE = 28;
const CENTRE = 14; // where MNIST's centres of mass are; the first pixel's centre is 0

/** The image of a digit: its longer side 20 pixels, its centre of mass on the centre. */
export function placed(mask) {
  const box = boxOf(mask);
  const ink = cut(mask, box.top, box.left, box.bottom, box.right);
  const longest = Math.max(ink.height, ink.width);
  const [height, width] = [ink.height, ink.width].map((side) =>
    Math.max(1, Math.floor((2 * BOX * side + longest) / (2 * longest))),
  );
  const whole = { top: 0, left: 0, bottom: ink.height, right: ink.width };
  const digit = softened(resampled(ink, whole, height, width));
  const { rows, columns } = sumsOf(digit);
  const [down, across] = [offset(rows), offset(columns)];
  const image = new Uint8Array(SIDE * SIDE);
  digit.data.forEach((x, at) => {
    const row = Math.floor(at / width);
    image[(down + row) * SIDE + across + at - row * width] = Math.floor(x * 255 + 0.5);
  });
  return gridOf(SIDE, SIDE, image);
}

/** A digit with a quarter of each pixel taken from beside it in each direction; its fullest ink is 1. */
function softened(digit) {
  const soft = softenedDown(transposed(softenedDown(digit)));
  const fullest = soft.data.reduce((most, x) => Math.max(most, x), 0);
  return transposed(gridOf(soft.height, soft.width, soft.data.map((x) => x / fullest)));
}

function softenedDown({ height, width, data }) {
  const last = (height - 1) * width;
  const soft = data.map((x, at) => {
    const above = at < width ? x : data[at - width];
    const below = at < last ? data[at + width] : x;
    return (above + 6 * x + below) / 8;
  });
  return gridOf(height, width, soft);
}

function sumsOf({ height, width, data }) {
  const [rows, columns] = [new Float64Array(height), new Float64Array(width)];
  data.forEach((x, at) => {
    rows[Math.floor(at / width)] += x;
    columns[at % width] += x;
  });
  return { rows, columns };
}

/** Where a digit begins, by the sums of its rows or columns: never on the border. */
function offset(sums) {
  let [total, moment] = [0, 0];
  sums.forEach((sum, at) => {
    total += sum;
    moment += sum * at;
  });
  const start = Math.floor(CENTRE - moment / total + 0.5);
  return Math.min(Math.max(start, 1), SIDE - 1 - sums.length);
}
