// The strokes of a digit brought to the width of MNIST's: as stages/prepare/stroke_widths.py.

import { distances, FAR, strokeWidth, UNIT } from "./distances.mjs";
import { boxOf, gridOf, maskOf } from "./grids.mjs";
import { resampled } from "./resizing.mjs";

export const BOX = 20; // pixels of MNIST's that the longer side of a digit takes
const FINE = 8; // pixels of the mask to one of MNIST's
const WIDTH = 2.8; // of a stroke of MNIST's, in its pixels
const THINNEST = 0.6; // of that width: what is left of a stroke at least
const TRIES = 3;
const LEAST = 0.5; // bounds of the size before the strokes change, in BOXes
const MOST = 1.6;
const THIN = 0.15; // where a mask shrinks, so much ink in a pixel is enough
const MARGIN = 3 * FINE; // of paper around the digit

/** A digit as a mask, its strokes WIDTH and its longer side BOX pixels long, about. */
export function normal(ink) {
  const box = boxOf(maskOf(ink, (x) => x > 0.5));
  const aim = WIDTH * FINE;
  let size = BOX * FINE;
  let mask, inside, width;
  for (let tries = 0; tries < TRIES; tries++) {
    mask = finer(ink, box, size);
    inside = distances(mask, 0);
    width = strokeWidth(inside);
    // Where strokes become wider, so does the digit: it is made smaller before.
    const less = Math.max(BOX * FINE - (aim - width), LEAST * BOX * FINE);
    const wanted = Math.min(less, MOST * BOX * FINE);
    if (Math.abs(wanted - size) < 1) break;
    size = wanted;
  }
  const more = ((aim - width) / 2) * UNIT;
  return more >= 0 ? thicker(mask, more) : thinner(mask, inside, width, -more);
}

/** A mask with all that is at most so far from it. */
function thicker(mask, more) {
  const around = distances(maskOf(mask, (x) => !x), FAR).data;
  return gridOf(mask.height, mask.width, around.map((x) => (x <= more ? 1 : 0)));
}

/** A mask without its edge, but at least the middle of its strokes. */
function thinner(mask, inside, width, less) {
  const middle = middleOf(inside, width);
  const around = distances(maskOf(middle, (x) => !x), FAR).data;
  const near = ((THINNEST * WIDTH * FINE) / 2) * UNIT;
  const kept = mask.data.map((ink, at) => (inside.data[at] > less || (ink && around[at] <= near) ? 1 : 0));
  return gridOf(mask.height, mask.width, kept);
}

/** The ink in a box as a mask whose longer side is `size` pixels, paper around it. */
function finer(ink, { top, left, bottom, right }, size) {
  const times = size / Math.max(bottom - top, right - left);
  const height = Math.max(1, roundedToEven((bottom - top) * times));
  const width = Math.max(1, roundedToEven((right - left) * times));
  const margin = MARGIN / times;
  const wide = { top: top - margin, left: left - margin, bottom: bottom + margin, right: right + margin };
  const edge = times >= 1 ? 0.5 : THIN;
  return maskOf(resampled(ink, wide, height + 2 * MARGIN, width + 2 * MARGIN), (x) => x > edge);
}

/** The nearest whole number; halves to an even one, as Python does. */
function roundedToEven(x) {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 ? low + 1 : low;
}

/** The middle of the strokes: where the distance inside is larger than beside. */
function middleOf({ height, width, data }, strokes) {
  const beyond = (row, column) =>
    row >= 0 && row < height && column >= 0 && column < width ? data[row * width + column] : 0;
  const ways = [[0, 1], [1, 0], [1, 1], [1, -1]];
  const peaks = new Uint8Array(data.length);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      if (data[at] < (strokes / 4) * UNIT) continue;
      // On no shortest way from paper on to a pixel that is farther inside.
      peaks[at] = ways.every(([down, across]) => {
        const step = data[at] + (down && across ? UNIT + 1 : UNIT);
        return beyond(row - down, column - across) < step && beyond(row + down, column + across) < step;
      }) ? 1 : 0;
    }
  }
  return gridOf(height, width, peaks);
}
