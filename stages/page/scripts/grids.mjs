// Grids: { height, width, data }, row by row. Every function makes new ones.

export const gridOf = (height, width, data) => ({ height, width, data });

export function transposed({ height, width, data }) {
  const turned = new data.constructor(data.length);
  for (let row = 0, at = 0; row < height; row++) {
    for (let to = row; to < turned.length; to += height) turned[to] = data[at++];
  }
  return gridOf(width, height, turned);
}

/** The part of a grid from (top, left) to (bottom, right), which are the first outside. */
export function cut(grid, top, left, bottom, right) {
  const height = bottom - top;
  const width = right - left;
  const data = new grid.data.constructor(height * width);
  for (let row = 0; row < height; row++) {
    const start = (top + row) * grid.width + left;
    data.set(grid.data.subarray(start, start + width), row * width);
  }
  return gridOf(height, width, data);
}

/** The box of all that is not 0: top, left, bottom and right; null where there is nothing. */
export function boxOf({ height, width, data }) {
  let [top, left, bottom, right] = [height, width, 0, 0];
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!data[at++]) continue;
      top = Math.min(top, row);
      bottom = row + 1;
      left = Math.min(left, column);
      right = Math.max(right, column + 1);
    }
  }
  return bottom ? { top, left, bottom, right } : null;
}

/** Where a function holds of the number in a grid, 1, and elsewhere 0. */
export function maskOf({ height, width, data }, holds) {
  const mask = new Uint8Array(data.length);
  for (let at = 0; at < mask.length; at++) mask[at] = holds(data[at]) ? 1 : 0;
  return gridOf(height, width, mask);
}

/** Where the numbers in a grid are at least so large, 1, and elsewhere 0. */
export function maskFrom({ height, width, data }, least) {
  const mask = new Uint8Array(data.length);
  for (let at = 0; at < mask.length; at++) mask[at] = data[at] >= least ? 1 : 0;
  return gridOf(height, width, mask);
}
