// How far each pixel is from the nearest of another kind: as stages/prepare/distances.py.

import { gridOf } from "./grids.mjs";

export const UNIT = 3; // a step to the next pixel; one across a corner is 4
const CORNER = 4;
export const FAR = 1e6;

/**
 * The distance from each pixel of a mask to the nearest that is 0, in thirds of a pixel; `outside`
 * is that of what is beyond the border. Source: Borgefors (1986), the chamfer distance of 3 and 4.
 */
export function distances({ height, width, data }, outside) {
  const wide = width + 2;
  const found = new Int32Array((height + 2) * wide).fill(outside);
  for (let row = 0, at = 0; row < height; row++) {
    for (let to = (row + 1) * wide + 1, end = to + width; to < end; to++) found[to] = data[at++] ? FAR : 0;
  }
  for (let row = 1; row <= height; row++) {
    for (let at = row * wide + 1, end = at + width; at < end; at++) nearer(found, at, -1, -wide);
  }
  for (let row = height; row >= 1; row--) {
    for (let at = row * wide + width, end = at - width; at > end; at--) nearer(found, at, 1, wide);
  }
  const inner = new Int32Array(height * width);
  for (let row = 0; row < height; row++) {
    const start = (row + 1) * wide + 1;
    inner.set(found.subarray(start, start + width), row * width);
  }
  return gridOf(height, width, inner);
}

/** Lets one pixel of `found` take shorter ways from the one beside it and the three next to it. */
function nearer(found, at, beside, next) {
  if (!found[at]) return;
  found[at] = Math.min(
    found[at],
    found[at + beside] + UNIT,
    found[at + next] + UNIT,
    found[at + next - 1] + CORNER,
    found[at + next + 1] + CORNER,
  );
}

/** How wide the strokes are, in pixels, by the distances inside of them. */
export function strokeWidth(inside) {
  let [total, area] = [0, 0];
  for (const distance of inside.data) {
    if (!distance) continue;
    total += distance;
    area++;
  }
  return (4 * (total / area)) / UNIT;
}

/** How wide the wider strokes are, in pixels, by the distances inside of them. */
export function widestStrokes(inside) {
  let [squares, total] = [0, 0];
  for (const distance of inside.data) {
    squares += distance * distance;
    total += distance;
  }
  return (3 * (squares / total)) / UNIT;
}
