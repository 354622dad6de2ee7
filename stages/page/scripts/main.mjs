// The page: what is on the canvas is prepared, read by the network, and shown, at every stroke.

import { answerView, sentence } from "./answer.mjs";
import { PAD, paintScene, scene } from "./drawing.mjs";
import { byId } from "./elements.mjs";
import { examplesIn } from "./examples.mjs";
import { galleryView } from "./gallery.mjs";
import { gridOf } from "./grids.mjs";
import { order, think } from "./network.mjs";
import { showOrigin } from "./origin.mjs";
import { listenToKeys, listenToPointers } from "./pen.mjs";
import { listenToPhotos, photoIn } from "./photo.mjs";
import { paintGreys, paletteOf } from "./pictures.mjs";
import { prepare } from "./preparing.mjs";
import { averaged } from "./sides.mjs";
import { trainingView } from "./training.mjs";
import { layerView } from "./units.mjs";
import { networksIn } from "./weights.mjs";

const CALM = 400; // milliseconds without a change, after which the answer is read aloud

const carried = JSON.parse(byId("carried").textContent);
const networks = networksIn(carried);
const examples = examplesIn(carried);
const context = byId("pad").getContext("2d", { willReadFrequently: true });
const hidden = networks[0].layers.slice(0, -1);

const state = {
  network: networks.at(-1),
  deeds: [],
  stroke: null, // the one that is being drawn
  pixels: null,
  thoughts: null,
  pointed: null,
};
let palette = paletteOf(document.body);
let [waiting, speaking] = [0, 0];

const point = (layer) => (unit) => {
  state.pointed = { layer, unit };
  showPointed();
};
const answer = answerView((digit) => point(hidden.length)(digit));
const views = hidden.map((layer, number) =>
  layerView(number, layer, carried.side, carried.activation, point(number)),
);

/** The pixels that the network gets of a scene, null where there is no digit in it. */
function pixelsOf({ below, strokes }) {
  if (!below && !strokes.length) return null;
  if (below?.example !== undefined && !strokes.length) return examples[below.example].pixels;
  const whole = below?.photo && !strokes.length;
  const picture = whole ? below.photo : gridOf(PAD, PAD, context.getImageData(0, 0, PAD, PAD).data);
  const image = prepare(picture);
  return image && averaged(image.data, carried.side);
}

function look() {
  waiting = 0;
  const seen = scene(state.deeds);
  paintScene(context, seen, examples, carried.side);
  state.pixels = pixelsOf(seen);
  const empty = !seen.below && !seen.strokes.length;
  byId("prompt").hidden = !empty;
  byId("pad").classList.toggle("photo", Boolean(seen.below?.photo));
  byId("undo").disabled = !state.deeds.length;
  byId("clear").disabled = empty;
  byId("found").textContent = empty || state.pixels ? takenNote(seen) : "There is no digit in it yet.";
  read();
}

const takenNote = ({ below, strokes }) =>
  below?.example !== undefined && !strokes.length
    ? "A test digit: it is as the network takes it."
    : "Cut out, put in the middle, its strokes as wide as those it learned from.";

/** Has the network read the pixels, and shows all of it. */
function read() {
  state.thoughts = state.pixels && think(state.network, state.pixels);
  paintGreys(byId("taken"), state.pixels ?? new Uint8Array(carried.side ** 2));
  answer.show(state.thoughts?.at(-1));
  views.forEach((view, number) =>
    view.showValues(state.network.layers[number], state.thoughts?.[number], palette),
  );
  showPointed();
  clearTimeout(speaking);
  speaking = setTimeout(() => say(state.thoughts ? sentence(state.thoughts.at(-1).values) : ""), CALM);
}

/** Shows where a value comes from: of the unit that is pointed at, else of the answer. */
function showPointed() {
  const best = state.thoughts ? order(state.thoughts.at(-1).values)[0] : 0;
  const { layer, unit } = state.pointed ?? { layer: hidden.length, unit: best };
  views.forEach((view, number) => view.mark(number === layer ? unit : -1));
  answer.mark(layer === hidden.length ? unit : -1);
  byId("origin").classList.toggle("pointed", Boolean(state.pointed));
  byId("close").hidden = !state.pointed;
  showOrigin(state.network, state.thoughts, layer, unit, palette);
}

function showWeights() {
  views.forEach((view, number) => view.showWeights(state.network.layers[number], palette));
}

function say(text) {
  byId("status").textContent = text;
}

/** Looks again before the next frame, once however much has changed. */
function soon() {
  waiting ||= requestAnimationFrame(look);
}

function act(deed) {
  state.deeds.push(deed);
  soon();
}

const pen = {
  begin: (place) => {
    state.stroke = [place];
    act({ stroke: state.stroke });
  },
  go: (place) => {
    // It may have been undone or cleared meanwhile, or a photo come: then a new one begins.
    if (state.deeds.at(-1)?.stroke !== state.stroke) pen.begin(place);
    state.stroke.push(place);
    soon();
  },
  end: () => soon(),
  say,
};

function undo() {
  state.deeds.pop();
  soon();
}

function clear() {
  const seen = scene(state.deeds);
  if (seen.below || seen.strokes.length) act({ clear: true });
}

async function takePhoto(file) {
  try {
    act(await photoIn(file));
  } catch (error) {
    const large = error instanceof RangeError;
    const why = large ? error.message : "This file is no picture that the browser can read.";
    say(why);
    byId("found").textContent = why;
  }
}

function choose(number) {
  state.network = networks[number];
  showWeights();
  read();
}

function listen() {
  listenToPointers(byId("pad"), pen);
  listenToKeys(byId("pad"), byId("cursor"), pen);
  listenToPhotos(byId("file"), takePhoto);
  byId("undo").addEventListener("click", undo);
  byId("clear").addEventListener("click", clear);
  byId("close").addEventListener("click", () => {
    state.pointed = null;
    showPointed();
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
    const clears = event.key === "Delete" || event.key === "Backspace"; // a Mac's Delete is that
    if (clears && document.activeElement === byId("pad")) clear();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    palette = paletteOf(document.body);
    showWeights();
    read();
  });
}

byId("taken").width = byId("taken").height = carried.side;
byId("layout-words").textContent = carried.layers.join("-");
byId("facts").textContent =
  `Trained on ${carried.facts.train_rows.toLocaleString("en")} digits; ` +
  `reads ${(100 * carried.accuracies.at(-1)).toFixed(1)} % of ` +
  `${carried.facts.test_rows.toLocaleString("en")} others. Licence: ${carried.facts.licence}.`;
trainingView(networks, carried, choose);
galleryView(examples, carried.side, (number) => act({ example: number }));
listen();
showWeights();
look();
