// Lines that go across the whole picture, taken out of a mask: as stages/prepare/ruled_lines.py.

import { gridOf, transposed } from "./grids.mjs";

const CELL = 8; // pixels in a row of the mask that are looked at together
const LEAST_CELLS = 8;
const ACROSS = 0.75; // of the picture, from where on a line is ruled
const THICKEST = 0.025; // of the picture's longer side

/** A mask without the lines that go across it; where a stroke crosses one, the stroke stays. */
export function withoutLines(mask) {
  const once = withoutLevelLines(mask);
  const turned = transposed(once);
  const twice = withoutLevelLines(turned);
  return twice === turned ? once : transposed(twice);
}

function withoutLevelLines(mask) {
  const line = levelLines(mask);
  const { height, width, data } = mask;
  let [area, starts] = [0, 0];
  for (let at = 0; at < data.length; at++) {
    if (!line[at]) continue;
    area++;
    if (at < width || !line[at - width]) starts++;
  }
  const thickness = Math.floor(area / starts);
  if (!area || thickness > THICKEST * Math.max(height, width)) return mask;
  const tall = tallRuns(mask, 2 * thickness + 3); // a tilted line is wider at its steps
  return gridOf(height, width, data.map((ink, at) => (ink && !(line[at] && !tall[at]) ? 1 : 0)));
}

/** The pixels in upright runs of ink of so many pixels, at least: those of strokes. */
function tallRuns({ height, width, data }, least) {
  const tall = new Uint8Array(data.length);
  for (let column = 0; column < width; column++) {
    for (let row = 0, run = 0; row <= height; row++) {
      if (row < height && data[row * width + column]) {
        run++;
        continue;
      }
      if (run >= least) for (let back = 1; back <= run; back++) tall[(row - back) * width + column] = 1;
      run = 0;
    }
  }
  return tall;
}

/** The pixels of lines that go across the mask. */
function levelLines(mask) {
  const { height, width, data } = mask;
  const count = Math.floor(width / CELL);
  const line = new Uint8Array(data.length);
  if (count < LEAST_CELLS) return line;
  const long = longCells(inkedCells(mask, count), height, count);
  if (!long.includes(1)) return line;
  const at = (row, column) => row >= 0 && row < height && long[row * count + Math.min(column, count - 1)];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const cell = Math.floor(column / CELL);
      const near = at(row - 1, cell) || at(row, cell) || at(row + 1, cell); // its edges too
      line[row * width + column] = near ? data[row * width + column] : 0;
    }
  }
  return line;
}

/** Which cells, of some pixels in a row each, are for the larger part ink. */
function inkedCells({ height, width, data }, count) {
  const cells = new Uint8Array(height * count);
  for (let row = 0; row < height; row++) {
    for (let cell = 0; cell < count; cell++) {
      const start = row * width + cell * CELL;
      let sum = 0;
      for (let at = start; at < start + CELL; at++) sum += data[at];
      cells[row * count + cell] = sum > CELL / 2 ? 1 : 0;
    }
  }
  return cells;
}

/** Which cells belong to a line that is long enough. */
function longCells(cells, height, count) {
  const columns = [...Array(count).keys()];
  const [ahead, back] = [columns, [...columns].reverse()].map((order) => lengths(cells, height, count, order));
  return cells.map((inked, at) => (inked && ahead[at] + back[at] - 1 >= ACROSS * count ? 1 : 0));
}

/** How many cells a line has that ends at each; it goes straight on, or a row up or down. */
function lengths(cells, height, count, order) {
  const found = new Int32Array(cells.length);
  let before = new Int32Array(height + 2);
  for (const column of order) {
    const now = new Int32Array(height + 2);
    for (let row = 0; row < height; row++) {
      if (!cells[row * count + column]) continue;
      now[row + 1] = 1 + Math.max(before[row], before[row + 1], before[row + 2]);
      found[row * count + column] = now[row + 1];
    }
    before = now;
  }
  return found;
}
