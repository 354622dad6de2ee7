// From which strength on a pixel is ink: as stages/prepare/levels.py.

const NOISE = 16; // times the median of the squared slopes: below, a slope is the paper's
const LEAST_SLOPE = 0.0009;
const FAINTEST = 0.08; // share of the light that ink takes away, at least
const TOLD_APART = 2.4; // times what the unevenness of paper takes away
export const FULL = 0.8; // the share of ink that is fainter than what counts as full

/** The strength of paper, that from which on it is ink, and that of full ink; null if blank. */
export function levelOf(strength) {
  const slope = slopes(strength);
  const least = Math.max(NOISE * ranked(slope, 0.5), LEAST_SLOPE);
  let [total, weighed] = [0, 0];
  for (let at = 0; at < slope.length; at++) {
    if (slope[at] <= least) continue;
    total += slope[at];
    weighed += slope[at] * strength.data[at];
  }
  if (total === 0) return null;
  const between = weighed / total;
  const { below, above } = parted(strength.data, between);
  if (!below.length) return null;
  const paper = ranked(below, 0.5); // not of the whole picture: a digit may fill it
  const full = ranked(above, FULL);
  if (full - paper < Math.max(FAINTEST, TOLD_APART * paper)) return null;
  return { paper, edge: (paper + full) / 2, full };
}

/** The numbers below another, and the others. */
function parted(x, between) {
  const [below, above] = [new Float64Array(x.length), new Float64Array(x.length)];
  let [low, high] = [0, 0];
  for (let at = 0; at < x.length; at++) {
    if (x[at] < between) below[low++] = x[at];
    else above[high++] = x[at];
  }
  return { below: below.subarray(0, low), above: above.subarray(0, high) };
}

/** The squared slope of the strength at each pixel, with none across the border. */
function slopes({ height, width, data }) {
  const slope = new Float64Array(data.length);
  for (let row = 0, at = 0; row < height; row++) {
    const inner = row > 0 && row < height - 1;
    for (let column = 0; column < width; column++, at++) {
      const across = column > 0 && column < width - 1 ? data[at + 1] - data[at - 1] : 0;
      const down = inner ? data[at + width] - data[at - width] : 0;
      slope[at] = across * across + down * down;
    }
  }
  return slope;
}

/** The number in x than which that share of the others is smaller. Source: Hoare's selection. */
export function ranked(x, share) {
  const place = Math.floor(share * (x.length - 1));
  const some = x.slice();
  let [low, high] = [0, some.length - 1];
  while (low < high) {
    const middle = some[place];
    let [up, down] = [low, high];
    while (up <= down) {
      while (some[up] < middle) up++;
      while (some[down] > middle) down--;
      if (up > down) break;
      [some[up], some[down]] = [some[down], some[up]];
      up++;
      down--;
    }
    if (down < place) low = up;
    if (up > place) high = down;
  }
  return some[place];
}
