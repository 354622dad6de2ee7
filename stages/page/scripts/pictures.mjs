// Numbers as pictures: greys, and red and blue for what speaks for and against.

/** Paints an image (0 to 255) as it is: ink is light, as the network takes it. */
export function paintGreys(canvas, pixels) {
  paint(canvas, pixels.length, (at) => [pixels[at], pixels[at], pixels[at]]);
}

/** Paints numbers: `most` and more as the palette's red, -`most` and less as its blue. */
export function paintSigned(canvas, numbers, most, palette) {
  paint(canvas, numbers.length, (at) => {
    const share = Math.max(-1, Math.min(1, numbers[at] / (most || 1)));
    const end = share < 0 ? palette.blue : palette.red;
    const part = Math.abs(share) ** 0.75; // small numbers are to be told from none
    return palette.paper.map((from, colour) => from + (end[colour] - from) * part);
  });
}

function paint(canvas, count, colourOf) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const image = context.createImageData(canvas.width, canvas.height);
  for (let at = 0; at < count; at++) {
    const [red, green, blue] = colourOf(at);
    image.data[4 * at] = red;
    image.data[4 * at + 1] = green;
    image.data[4 * at + 2] = blue;
    image.data[4 * at + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** The colours of the page as it is, light or dark. */
export function paletteOf(element) {
  const style = getComputedStyle(element);
  const colour = (name) => {
    const number = Number.parseInt(style.getPropertyValue(name).trim().slice(1), 16);
    return [number >> 16, (number >> 8) & 255, number & 255];
  };
  return { paper: colour("--none"), red: colour("--red"), blue: colour("--blue") };
}

/** A canvas for so many numbers: `across` in a row. */
export function canvasFor(count, across) {
  const canvas = document.createElement("canvas");
  canvas.width = across;
  canvas.height = Math.ceil(count / across);
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

/** How many numbers stand in a row, where they are the pixels of an image or units. */
export const acrossOf = (count, layer, side) => (layer === 0 ? side : Math.ceil(Math.sqrt(count)));

export function largest(numbers) {
  let most = 0;
  for (const number of numbers) most = Math.max(most, Math.abs(number));
  return most;
}
