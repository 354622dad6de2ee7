// All steps of the preparation, in their order, for one digit: as stages/prepare/preparing.py.

import { distances, strokeWidth, widestStrokes } from "./distances.mjs";
import { cut, gridOf, maskFrom, maskOf } from "./grids.mjs";
import { digitOf } from "./grouping.mjs";
import { inkIsDarker, shadeOf, squareSums, strengthOf } from "./ink.mjs";
import { FULL, levelOf, ranked } from "./levels.mjs";
import { partsOf } from "./parts.mjs";
import { placed } from "./placing.mjs";
import { workedOn } from "./resizing.mjs";
import { withoutLines } from "./ruled_lines.mjs";
import { upright } from "./slants.mjs";
import { normal } from "./stroke_widths.mjs";

const WIDEST = 0.15; // half the width of a stroke at most, as a share of the picture's longer side
const AGAIN = 2; // times that paper and ink are told apart once the width of strokes is known
// A stroke's width as a share of the digit's size, from where on it may be paper on a dark table.
const BOLD = 0.2;
const AROUND = 2; // pixels around a digit whose strength counts: the edges of its strokes

/** The digit in a picture (RGBA bytes) as an image of 28 x 28, null where there is none. */
export function prepare(picture) {
  const worked = workedOn(picture);
  const darker = inkIsDarker(worked);
  const first = digitIn(worked, darker);
  if (!first) return null;
  const bold = boldness(first);
  const other = bold > BOLD ? digitIn(worked, !darker) : null;
  return placed(normal(upright(other && boldness(other) < bold / 2 ? other : first)));
}

/** How wide the strokes of a digit are, as a share of its size. */
function boldness(digit) {
  const inside = distances(maskOf(digit, (x) => x > 0.5), 0);
  return strokeWidth(inside) / Math.max(digit.height, digit.width);
}

/** The digit alone, in ink that is darker than the paper, or lighter; null where there is none. */
function digitIn(worked, darker) {
  const inked = inkedOf(shadeOf(worked, darker));
  if (!inked) return null;
  const { strength, level } = inked;
  const mask = maskFrom(strength, level.edge);
  const clean = withoutLines(mask);
  const { labels, parts } = partsOf(clean, strength);
  const part = digitOf(parts, labels);
  if (!part) return null;
  // What was left out, and edges of other parts, are paper.
  const shown = clean === mask ? strength : papered(strength, mask, clean, level.paper);
  return digitAlone(part, labels, shown, level);
}

/** The strength with that of paper where a mask is, and the clean one is not. */
function papered({ height, width, data }, mask, clean, paper) {
  const shown = data.map((x, at) => (mask.data[at] && !clean.data[at] ? paper : x));
  return gridOf(height, width, shown);
}

/** The strength of the ink in a shade, and its level; null where nothing is told from paper. */
function inkedOf(shade) {
  let radius = Math.max(2, Math.floor(WIDEST * Math.max(shade.height, shade.width)));
  let inked = toldApart(shade, radius);
  for (let times = 0; times < AGAIN && inked; times++) {
    const width = widestStrokes(distances(maskFrom(inked.strength, inked.level.edge), 0));
    const nearer = Math.min(radius, Math.max(3, Math.floor(2 * width) + 2));
    if (nearer === radius) break; // all would be the same again
    radius = nearer;
    inked = toldApart(shade, radius);
  }
  return inked;
}

function toldApart(shade, radius) {
  const strength = strengthOf(shade, radius);
  const level = levelOf(strength);
  return level && { strength, level };
}

/** A digit with paper around it: all strength that belongs to one part, 1 for full ink. */
function digitAlone(part, labels, strength, level) {
  const box = [
    Math.max(part.top - AROUND, 0),
    Math.max(part.left - AROUND, 0),
    Math.min(part.bottom + AROUND, labels.height),
    Math.min(part.right + AROUND, labels.width),
  ];
  const around = cut(labels, ...box);
  const ink = cut(strength, ...box);
  const own = maskOf(around, (label) => part.labels.includes(label));
  const near = squareSums(own, AROUND).data;
  // Where there is much of a paler ink, such as lines, this one is stronger than the level says.
  const full = Math.max(level.full, ranked(ink.data.filter((_, at) => own.data[at]), FULL));
  const alone = ink.data.map((x, at) => {
    const shown = (x - level.paper) / (full - level.paper);
    if (own.data[at]) return Math.min(shown, 1);
    // The edge of a stroke is at 1/2: only its own pixels are above.
    return near[at] > 0 && around.data[at] === 0 ? Math.min(shown, 0.5) : 0;
  });
  return gridOf(ink.height, ink.width, alone);
}
