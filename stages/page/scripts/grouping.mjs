// Which parts of a mask are the one digit in it: as stages/prepare/grouping.py for one digit.

import { gap, joined, sharedWidth } from "./parts.mjs";

const SPECK_PIXELS = 12;
const SPECK = 0.02; // of the picture's longer side
const NOTABLE = 0.1; // likewise: what is smaller says nothing of what is around it
const ENCLOSED = 0.3; // of a frame's size, at least, is a digit in it
const FRAME_SIDES = 3; // of four, on which it is seen: one may be outside of the picture
const INNER = 0.4; // of the size of what touches the border: a digit that does not is as large
const FLAT = 3; // times as wide as high: wider parts are lines
const LONGEST_PIECE = 1.2; // of the main part's size
const PALE = 0.5; // of the main part's strength
const PIECE = 0.12; // of the main part's size
const APART = 0.35; // of the larger part's size: farther from it, nothing is a piece of it
const NEAR = 0.25; // likewise, of what is beside it
const ABOVE = 0.4; // of the narrower part's width, over or under the other

const heaviest = (parts) => parts.reduce((best, part) => (part.weight > best.weight ? part : best));

/** The digit among the parts of a mask, null where there is none. */
export function digitOf(parts, labels) {
  const longest = Math.max(labels.height, labels.width);
  let kept = parts.filter((part) => part.area >= SPECK_PIXELS && part.size >= SPECK * longest);
  kept = within(unframed(kept, labels), labels);
  if (!kept.length) return null;
  // What is flat may be a piece of a digit, but not longer than the digit is.
  const high = kept.filter((part) => part.width <= FLAT * part.height);
  const main = heaviest(high.length ? high : kept);
  kept = kept.filter((part) => high.includes(part) || part.size <= LONGEST_PIECE * main.size);
  const least = (PALE * main.ink) / main.area;
  kept = kept.filter((part) => part.ink / part.area >= least && part.size >= PIECE * main.size);
  return heaviest(grouped(kept));
}

/** The parts without those that are drawn around another: frames and rings. */
function unframed(parts, labels) {
  const notable = parts.filter((part) => part.size >= NOTABLE * Math.max(labels.height, labels.width));
  const frames = (part) => (other) => other.size >= ENCLOSED * part.size && surrounds(part, other, labels);
  return parts.filter((part) => !notable.some(frames(part)));
}

/** Whether one part's ink is around another. */
function surrounds(frame, part, { height, width, data }) {
  const row = Math.floor((part.top + part.bottom) / 2);
  const column = Math.floor((part.left + part.right) / 2);
  const inRow = (from, to) => found(from, to, (at) => data[row * width + at] === frame.labels[0]);
  const inColumn = (from, to) => found(from, to, (at) => data[at * width + column] === frame.labels[0]);
  const level = inRow(0, part.left) + inRow(part.right, width);
  return level + inColumn(0, part.top) + inColumn(part.bottom, height) >= FRAME_SIDES;
}

function found(from, to, holds) {
  for (let at = from; at < to; at++) if (holds(at)) return true;
  return false;
}

/** The parts that do not touch the border, if one of them is a digit's size. */
function within(parts, { height, width }) {
  const sides = (part) =>
    (part.top === 0) + (part.left === 0) + (part.bottom === height) + (part.right === width);
  const inner = parts.filter((part) => !sides(part) && part.width <= FLAT * part.height);
  const notable = inner.filter((part) => part.size >= NOTABLE * Math.max(height, width));
  const best = Math.max(0, ...notable.map((part) => part.size));
  return parts.filter(
    (part) => !sides(part) || best === 0 || (sides(part) === 1 && best < INNER * part.size),
  );
}

/** The parts with all joined that belong together. */
function grouped(parts) {
  let groups = [];
  for (const part of [...parts].sort((one, other) => other.weight - one.weight)) {
    let group = part;
    for (;;) {
      const near = groups.filter((other) => oneDigit(group, other));
      if (!near.length) break;
      groups = groups.filter((other) => !near.includes(other));
      group = near.reduce(joined, group);
    }
    groups.push(group);
  }
  return groups;
}

/** Whether two parts are one digit. */
function oneDigit(one, other) {
  const larger = Math.max(one.size, other.size);
  const between = gap(one, other);
  if (between > APART * larger) return false;
  return between <= NEAR * larger || sharedWidth(one, other) >= ABOVE;
}
