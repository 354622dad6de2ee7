// The connected parts of a mask, each with its box: as stages/prepare/parts.py.

import { gridOf } from "./grids.mjs";

/**
 * A label for each pixel, 0 for paper, and the parts; across a corner is connected.
 *
 * A part: its labels, its box in pixels (bottom and right are the first outside), its area in
 * pixels and its ink, their strengths added.
 */
export function partsOf(mask, strength) {
  const labels = gridOf(mask.height, mask.width, new Int32Array(mask.data.length));
  const waiting = new Int32Array(mask.data.length);
  const parts = [];
  for (let at = 0; at < mask.data.length; at++) {
    if (mask.data[at] && !labels.data[at]) {
      parts.push(partFrom(at, parts.length + 1, mask, labels.data, strength.data, waiting));
    }
  }
  return { labels, parts };
}

/** The part that holds one pixel; writes its label into `labels`, and uses `waiting`. */
function partFrom(first, label, { height, width, data }, labels, strength, waiting) {
  let [top, left, bottom, right, area, ink] = [height, width, 0, 0, 0, 0];
  let count = 1;
  waiting[0] = first;
  labels[first] = label;
  while (count) {
    const at = waiting[--count];
    const row = Math.floor(at / width);
    const column = at - row * width;
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
    [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
    area++;
    ink += strength[at];
    for (let down = Math.max(row - 1, 0); down <= Math.min(row + 1, height - 1); down++) {
      for (let across = Math.max(column - 1, 0); across <= Math.min(column + 1, width - 1); across++) {
        const next = down * width + across;
        if (!data[next] || labels[next]) continue;
        labels[next] = label;
        waiting[count++] = next;
      }
    }
  }
  return partWith([label], { top, left, bottom, right }, area, ink);
}

function partWith(labels, box, area, ink) {
  const height = box.bottom - box.top;
  const width = box.right - box.left;
  const size = Math.max(height, width);
  return { labels, ...box, area, ink, height, width, size, weight: ink * size };
}

export function joined(one, other) {
  const box = {
    top: Math.min(one.top, other.top),
    left: Math.min(one.left, other.left),
    bottom: Math.max(one.bottom, other.bottom),
    right: Math.max(one.right, other.right),
  };
  return partWith([...one.labels, ...other.labels], box, one.area + other.area, one.ink + other.ink);
}

/** How many pixels are between two boxes, in the direction in which they are more. */
export function gap(one, other) {
  const across = Math.max(one.left, other.left) - Math.min(one.right, other.right);
  const down = Math.max(one.top, other.top) - Math.min(one.bottom, other.bottom);
  return Math.max(0, across, down);
}

/** The share of the narrower part that is above or below the other. */
export function sharedWidth(one, other) {
  const both = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  return Math.max(0, both) / Math.min(one.width, other.width);
}
