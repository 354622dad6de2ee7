// Prepares pictures as the page does: JSON of { height, width, rgba } in, JSON of images out.
import { readFileSync } from "node:fs";
import { prepare } from "../../stages/page/scripts/preparing.mjs";

const pictures = JSON.parse(readFileSync(0, "utf-8"));
const images = pictures.map(({ height, width, rgba }) => {
  const image = prepare({ height, width, data: new Uint8ClampedArray(Buffer.from(rgba, "base64")) });
  return image && [...image.data];
});
console.log(JSON.stringify(images));
