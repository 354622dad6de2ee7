// A photo that is pasted, dropped or chosen, as a picture for the preparation.

import { gridOf } from "./grids.mjs";
import { workedOn } from "./resizing.mjs";

const LARGE = 1600; // longest side from which on whole times smaller is enough
const FLAT = 16; // greys that a picture with something in it spans
const MOST_PIXELS = 64e6;

/** What an image file holds: { photo, canvas }; throws where the browser cannot read it, and a
 * RangeError, whose message is to be shown, where it has too many pixels. */
export async function photoIn(file) {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  if (bitmap.width * bitmap.height > MOST_PIXELS) {
    throw new RangeError("This picture has more than 64 million pixels, too many for this page.");
  }
  const times = Math.max(1, Math.floor(Math.max(bitmap.width, bitmap.height) / LARGE));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.ceil(side / times));
  let picture = flattened(bitmap, width, height, "#fff");
  if (flat(picture)) picture = flattened(bitmap, width, height, "#000"); // what is drawn is white
  bitmap.close();
  const photo = workedOn(picture);
  return { photo, canvas: canvasOf(photo) };
}

/** The RGBA bytes of a bitmap on paper of a colour, for where it is transparent. */
function flattened(bitmap, width, height, paper) {
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.fillStyle = paper;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return gridOf(height, width, context.getImageData(0, 0, width, height).data);
}

function flat({ data }) {
  let [low, high] = [255, 0];
  for (let at = 0; at < data.length; at += 4) {
    const grey = (299 * data[at] + 587 * data[at + 1] + 114 * data[at + 2]) / 1000;
    [low, high] = [Math.min(low, grey), Math.max(high, grey)];
  }
  return high - low < FLAT;
}

function canvasOf({ height, width, data }) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}

/** Calls `take` with the first image of the files that are pasted, dropped on the page or chosen. */
export function listenToPhotos(input, take) {
  const first = (files) => {
    // Where none says that it is an image, the first is tried: not every system knows each type.
    const file = [...files].find(({ type }) => type.startsWith("image/")) ?? files[0];
    if (file) take(file);
    return file;
  };
  input.addEventListener("change", () => {
    first(input.files);
    input.value = "";
  });
  addEventListener("paste", (event) => first(event.clipboardData?.files ?? []) && event.preventDefault());
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    first(event.dataTransfer?.files ?? []);
  });
}
