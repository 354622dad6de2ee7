// The test digits that the page carries.

import { bytesIn } from "./weights.mjs";

/** Test digits { label, predicted, pixels }. */
export function examplesIn({ examples, side }) {
  return examples.map(([label, predicted, text]) => ({
    label,
    predicted,
    pixels: unsqueezed(bytesIn(text), side * side),
  }));
}

/** An image in which each 0 is followed by how many of them there are. */
function unsqueezed(bytes, count) {
  const pixels = new Uint8Array(count);
  for (let at = 0, to = 0; at < bytes.length; at++) {
    if (bytes[at]) pixels[to++] = bytes[at];
    else to += bytes[++at];
  }
  return pixels;
}
