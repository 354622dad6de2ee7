// The network: what goes on in each of its layers, for one image.

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

const ACTIVATIONS = {
  sigmoid,
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  silu: (z) => z * sigmoid(z),
};

/** Of each layer { input, sums, values }; the last one's values are the ten probabilities. */
export function think(network, pixels) {
  let input = Float64Array.from(pixels, (pixel) => pixel / network.pixelScale);
  return network.layers.map((layer, number) => {
    const sums = sumsInto(layer, input);
    const last = number === network.layers.length - 1;
    const values = last ? softmax(sums) : sums.map(ACTIVATIONS[network.activation]);
    const thought = { input, sums, values };
    input = values;
    return thought;
  });
}

/** W @ input + b. */
function sumsInto({ W, b, inputs }, input) {
  return Float64Array.from(b, (bias, unit) => {
    let sum = 0;
    for (let at = 0, weight = unit * inputs; at < inputs; at++) sum += W[weight++] * input[at];
    return sum + bias;
  });
}

function softmax(sums) {
  const most = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp(sum - most));
  const total = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / total);
}

/** What each input gives to the sum of a unit: its weights times what it got. */
export function given({ W, inputs }, unit, input) {
  return input.map((x, at) => x * W[unit * inputs + at]);
}

export const weightsOfUnit = ({ W, inputs }, unit) => W.subarray(unit * inputs, (unit + 1) * inputs);

/** Digits from the most probable on. */
export function order(probabilities) {
  return [...probabilities.keys()].sort((one, other) => probabilities[other] - probabilities[one]);
}
