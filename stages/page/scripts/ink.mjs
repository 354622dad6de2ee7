// How strong the ink is at each pixel, whatever light is on the paper: as stages/prepare/ink.py.

import { gridOf, transposed } from "./grids.mjs";

const LUMA = [299, 587, 114]; // thousandths of red, green and blue
const DARKEST_PAPER = 64 * 9; // in darker places, ink is not told from noise

/** Sums over squares of 2 radius + 1 pixels a side; the grid goes on as it ends. */
export function squareSums(grid, radius) {
  return sumsDown(sumsAlong(grid, radius), radius);
}

function sumsAlong({ height, width, data }, radius) {
  const sums = new Float64Array(data.length);
  const last = width - 1;
  for (let row = 0; row < height; row++) {
    const start = row * width;
    let sum = data[start] * (radius + 1);
    for (let column = 1; column <= radius; column++) sum += data[start + Math.min(column, last)];
    sums[start] = sum;
    for (let column = 1; column < width; column++) {
      sum += data[start + Math.min(column + radius, last)];
      sum -= data[start + Math.max(column - radius - 1, 0)];
      sums[start + column] = sum;
    }
  }
  return gridOf(height, width, sums);
}

function sumsDown({ height, width, data }, radius) {
  const sums = new Float64Array(data.length);
  const sum = new Float64Array(width);
  const last = height - 1;
  for (let row = -radius; row <= radius; row++) {
    const start = Math.min(Math.max(row, 0), last) * width;
    for (let column = 0; column < width; column++) sum[column] += data[start + column];
  }
  sums.set(sum);
  for (let row = 1; row < height; row++) {
    const next = Math.min(row + radius, last) * width;
    const gone = Math.max(row - radius - 1, 0) * width;
    for (let column = 0; column < width; column++) sum[column] += data[next + column] - data[gone + column];
    sums.set(sum, row * width);
  }
  return gridOf(height, width, sums);
}

/** Whether the ink of a picture (RGBA bytes) is darker than its paper. */
export function inkIsDarker(picture) {
  const { height, width, data } = picture;
  const luma = new Float64Array(height * width);
  for (let at = 0; at < luma.length; at++) {
    luma[at] = LUMA[0] * data[4 * at] + LUMA[1] * data[4 * at + 1] + LUMA[2] * data[4 * at + 2];
  }
  let total = 0;
  for (const part of [16, 6]) {
    total += vote(gridOf(height, width, luma), Math.max(1, Math.floor(Math.max(height, width) / part)));
  }
  return total <= 0;
}

/** From -1, all ink is darker than what is around it, to 1, all is lighter. */
function vote(luma, radius) {
  const sums = squareSums(luma, radius).data;
  const area = 1000 * (2 * radius + 1) ** 2;
  let total = 0;
  let sizes = 0;
  for (let at = 0; at < sums.length; at++) {
    const difference = luma.data[at] / 1000 - sums[at] / area;
    const cube = difference * difference * difference;
    total += cube;
    sizes += Math.abs(cube);
  }
  return total / Math.max(sizes, 1);
}

/** The shade, 0 to 255 · 9: paper high and ink low, of whatever colour the ink is. */
export function shadeOf({ height, width, data }, darker) {
  const grey = new Int32Array(height * width);
  for (let at = 0; at < grey.length; at++) {
    const [red, green, blue] = [data[4 * at], data[4 * at + 1], data[4 * at + 2]];
    grey[at] = darker ? Math.min(red, green, blue) : 255 - Math.max(red, green, blue);
  }
  return squareSums(gridOf(height, width, grey), 1);
}

/** The strength of the ink, 0 to 1, of strokes below 2 radius wide. */
export function strengthOf(shade, radius) {
  const paper = closed(shade, radius).data;
  const strength = new Float64Array(paper.length);
  for (let at = 0; at < strength.length; at++) {
    strength[at] = (paper[at] - shade.data[at]) / Math.max(paper[at], DARKEST_PAPER);
  }
  return gridOf(shade.height, shade.width, strength);
}

/** The shade with what is low and narrow filled: the largest in each square, then the smallest. */
function closed(shade, radius) {
  const size = 2 * radius + 1;
  const wide = (grid) => transposed(largestAlong(grid, size, 2 * radius));
  const filled = negative(wide(wide(gridOf(shade.height, shade.width, new Int16Array(shade.data)))));
  const narrow = (grid) => transposed(largestAlong(grid, size, 0));
  return negative(narrow(narrow(filled)));
}

function negative({ height, width, data }) {
  const found = new Int16Array(data.length);
  for (let at = 0; at < found.length; at++) found[at] = -data[at];
  return gridOf(height, width, found);
}

/**
 * The largest of each `size` numbers in a row, of rows that go on by `more` at either end as they
 * end. Source: van Herk (1992) and Gil and Werman (1993), three steps a pixel whatever the size.
 */
function largestAlong({ height, width, data }, size, more) {
  const length = width + 2 * more;
  const count = length - size + 1;
  const found = new Int16Array(height * count);
  const [line, before, after] = [0, 1, 2].map(() => new Int16Array(length));
  for (let row = 0; row < height; row++) {
    const start = row * width;
    if (isEven(data, start, start + width)) {
      found.fill(data[start], row * count, (row + 1) * count); // as most rows of a drawing
      continue;
    }
    line.fill(data[start], 0, more);
    line.set(data.subarray(start, start + width), more);
    line.fill(data[start + width - 1], more + width);
    blockMaxima(line, size, before, after);
    for (let at = 0, to = row * count; at < count; at++) {
      found[to++] = Math.max(after[at], before[at + size - 1]);
    }
  }
  return gridOf(height, count, found);
}

function isEven(data, start, end) {
  for (let at = start + 1; at < end; at++) if (data[at] !== data[start]) return false;
  return true;
}

/** Sets `before` to the largest from the start of each block of `size`, `after` to its end. */
function blockMaxima(line, size, before, after) {
  const last = line.length - 1;
  for (let at = 0; at <= last; at++) {
    before[at] = at % size ? Math.max(before[at - 1], line[at]) : line[at];
  }
  after[last] = line[last];
  for (let at = last - 1; at >= 0; at--) {
    after[at] = (at + 1) % size ? Math.max(after[at + 1], line[at]) : line[at];
  }
}
