// What is on the canvas: a list of what was done, of which the last can be undone.
//
// A deed is { stroke: points }, { photo: picture, canvas }, { example: number } or { clear: true }.

export const PAD = 280; // pixels of the canvas in a line
const PEN = 20; // width of a stroke, in its pixels

/** The place nearest to one at which the pen draws on the paper alone: cut strokes are hard to tell. */
export const onPaper = (place) =>
  place.map((at) => Math.min(PAD - PEN / 2, Math.max(PEN / 2, at)));

/** What is to be seen after some deeds: what lies below the strokes, and the strokes. */
export function scene(deeds) {
  const start = deeds.map((deed) => !deed.stroke).lastIndexOf(true);
  const below = start < 0 || deeds[start].clear ? null : deeds[start];
  return { below, strokes: deeds.slice(start + 1).map((deed) => deed.stroke) };
}

/** Paints a scene on white paper. */
export function paintScene(context, { below, strokes }, examples, side) {
  context.fillStyle = "#fff";
  context.fillRect(0, 0, PAD, PAD);
  if (below?.photo) paintPhoto(context, below.canvas);
  if (below?.example !== undefined) paintExample(context, examples[below.example].pixels, side);
  context.strokeStyle = context.fillStyle = "#000";
  context.lineWidth = PEN;
  context.lineCap = context.lineJoin = "round";
  for (const points of strokes) paintStroke(context, points);
}

function paintStroke(context, points) {
  const [[x, y]] = points;
  context.beginPath();
  // A line without a length would not be painted.
  if (points.every((point) => point[0] === x && point[1] === y)) {
    context.arc(x, y, PEN / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  context.moveTo(...points[0]);
  for (const point of points.slice(1)) context.lineTo(...point);
  context.stroke();
}

/** Paints a picture as large as it fits, in the middle. */
function paintPhoto(context, canvas) {
  const times = PAD / Math.max(canvas.width, canvas.height);
  const size = [canvas.width * times, canvas.height * times];
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, (PAD - size[0]) / 2, (PAD - size[1]) / 2, ...size);
}

/** Paints an image of the network's side in black on white, enlarged. */
function paintExample(context, pixels, side) {
  const small = document.createElement("canvas");
  small.width = small.height = side;
  const image = new ImageData(side, side);
  pixels.forEach((pixel, at) => image.data.set([255 - pixel, 255 - pixel, 255 - pixel, 255], 4 * at));
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, PAD, PAD);
}
