// Calls functions of the page's modules: JSON of one request in, JSON of the answer out.
import { readFileSync } from "node:fs";
import { examplesIn } from "../../stages/page/scripts/examples.mjs";
import { think } from "../../stages/page/scripts/network.mjs";
import { prepare } from "../../stages/page/scripts/preparing.mjs";
import { averaged } from "../../stages/page/scripts/sides.mjs";
import { networksIn } from "../../stages/page/scripts/weights.mjs";

const answers = {
  prepared: (pictures) =>
    pictures.map(({ height, width, rgba }) => {
      const image = prepare({ height, width, data: new Uint8Array(Buffer.from(rgba, "base64")) });
      return image && [...image.data];
    }),
  averaged: ({ images, side }) => images.map((image) => [...averaged(image, side)]),
  // Of each network, of each example: what goes on in each layer.
  thoughts: (carried) => {
    const examples = examplesIn(carried);
    return networksIn(carried).map((network) =>
      examples.map(({ pixels }) =>
        think(network, pixels).map(({ sums, values }) => ({ sums: [...sums], values: [...values] })),
      ),
    );
  },
};

const { name, given } = JSON.parse(readFileSync(0, "utf-8"));
console.log(JSON.stringify(answers[name](given)));
