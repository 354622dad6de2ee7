// A picture at another size: as stages/prepare/resizing.py.

import { gridOf } from "./grids.mjs";

const MOST = 800; // longest side, in pixels, of a picture that is worked on
const LEAST = 200;

/** A picture (RGBA bytes) with its longest side from LEAST to MOST pixels, about. */
export function workedOn(picture) {
  const longest = Math.max(picture.height, picture.width);
  if (longest > MOST) return shrunk(picture, Math.ceil(longest / MOST));
  return longest < LEAST ? enlarged(picture, Math.ceil(LEAST / longest)) : picture;
}

/** The means of squares of `times` pixels a side, rounded; the last go on as they end. */
function shrunk(picture, times) {
  const height = Math.ceil(picture.height / times);
  const width = Math.ceil(picture.width / times);
  const sums = new Int32Array(height * width * 4);
  for (let row = 0; row < height * times; row++) {
    const from = Math.min(row, picture.height - 1) * picture.width;
    const to = Math.floor(row / times) * width;
    for (let column = 0; column < width * times; column++) {
      const at = 4 * (from + Math.min(column, picture.width - 1));
      const into = 4 * (to + Math.floor(column / times));
      for (let colour = 0; colour < 4; colour++) sums[into + colour] += picture.data[at + colour];
    }
  }
  const area = times * times;
  const means = Uint8ClampedArray.from(sums, (sum) => Math.floor((2 * sum + area) / (2 * area)));
  return gridOf(height, width, means);
}

/** A picture `times` as large, each line of pixels mixed from its two neighbours. */
function enlarged(picture, times) {
  return enlargedAlong(enlargedAlong(picture, times, false), times, true);
}

function enlargedAlong({ height, width, data }, times, across) {
  const [rows, columns] = across ? [height, width * times] : [height * times, width];
  const last = (across ? width : height) - 1;
  const mixed = new Uint8ClampedArray(rows * columns * 4);
  for (let row = 0, to = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      // Where the new pixel's centre lies between the old ones', in units of 1 / (2 times).
      const place = 2 * (across ? column : row) + 1 - times;
      const low = Math.floor(place / (2 * times));
      const part = place - low * 2 * times;
      const [before, after] = [low, low + 1].map((at) => {
        const old = Math.min(Math.max(at, 0), last);
        return 4 * (across ? row * width + old : old * width + column);
      });
      for (let colour = 0; colour < 4; colour++) {
        const sum = data[before + colour] * (2 * times - part) + data[after + colour] * part;
        mixed[to++] = Math.floor((sum + times) / (2 * times));
      }
    }
  }
  return gridOf(rows, columns, mixed);
}

/** The part of a grid in a box, at another size; outside of the grid is paper, 0. */
export function resampled(grid, box, rows, columns) {
  const down = weightsOf(box.top, box.bottom, rows, grid.height);
  const across = weightsOf(box.left, box.right, columns, grid.width);
  const tall = gridOf(rows, grid.width, new Float64Array(rows * grid.width));
  down.forEach((shares, row) => {
    for (const [old, share] of shares) {
      for (let at = 0; at < grid.width; at++) {
        tall.data[row * grid.width + at] += share * grid.data[old * grid.width + at];
      }
    }
  });
  const found = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    across.forEach((shares, column) => {
      let sum = 0;
      for (const [old, share] of shares) sum += share * tall.data[row * grid.width + old];
      found[row * columns + column] = sum;
    });
  }
  return gridOf(rows, columns, found);
}

/** What each of `count` pixels from `start` to `end` takes of the old ones: [old, share] pairs. */
function weightsOf(start, end, count, old) {
  const step = (end - start) / count;
  return Array.from({ length: count }, (_, place) => {
    const low = start + place * step;
    const high = start + (place + 1) * step;
    const middle = start + (place + 0.5) * step - 0.5;
    const share = (centre) =>
      step > 1
        ? (Math.min(high, centre + 1) - Math.max(low, centre)) / step
        : 1 - Math.abs(middle - centre);
    const first = Math.max(0, Math.floor(Math.min(low, middle)));
    const last = Math.min(old - 1, Math.ceil(Math.max(high, middle + 1)));
    const shares = [];
    for (let centre = first; centre <= last; centre++) {
      if (share(centre) > 0) shares.push([centre, share(centre)]);
    }
    return shares;
  });
}
