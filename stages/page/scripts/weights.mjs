// The networks that the page carries, out of base64: little-endian numbers.

/** Networks, one a snapshot; each { epoch, accuracy, side, pixelScale, activation, layers }. */
export function networksIn(carried) {
  const { epochs, accuracies, side, pixelScale, activation } = carried;
  const earlier = carried.earlier.map((text) => roundedLayers(text, carried.layers, carried.bits));
  return [...earlier, floatLayers(carried.trained, carried.layers, carried.floatBits)].map((layers, at) => ({
    epoch: epochs[at],
    accuracy: accuracies[at],
    side,
    pixelScale,
    activation,
    layers,
  }));
}

export const bytesIn = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Layers { W, b, inputs, units }, of weights and biases as floats, one layer after another. */
function floatLayers(text, sizes, bits) {
  const Floats = bits === 32 ? Float32Array : Float64Array;
  const take = takerOf(bytesIn(text));
  return shapes(sizes).map(({ inputs, units }) => {
    const W = take(Floats, units * inputs);
    return { W, b: take(Floats, units), inputs, units };
  });
}

/** Likewise, of weights as whole numbers, with a step for each unit before them. */
function roundedLayers(text, sizes, bits) {
  const take = takerOf(bytesIn(text));
  return shapes(sizes).map(({ inputs, units }) => {
    const steps = take(Float32Array, units);
    const b = take(Float32Array, units);
    const whole = take(bits === 8 ? Int8Array : Int16Array, units * inputs);
    const W = Float64Array.from(whole, (x, at) => x * steps[Math.floor(at / inputs)]);
    return { W, b, inputs, units };
  });
}

const shapes = (sizes) => sizes.slice(1).map((units, at) => ({ inputs: sizes[at], units }));

/** A function that takes the next `count` numbers of a type. */
function takerOf(bytes) {
  let start = 0;
  return (Type, count) => {
    const end = start + count * Type.BYTES_PER_ELEMENT;
    const taken = new Type(bytes.slice(start, end).buffer);
    start = end;
    return taken;
  };
}
