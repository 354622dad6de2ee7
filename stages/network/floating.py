"""The network in float32 or float64 as the BLAS and NumPy round them: not alike everywhere."""

from collections.abc import Sequence

import numpy as np

from stages.network.activations import Activation, softmax
from stages.network.compact import CONSTANT
from stages.network.cost import Guess, Truth, minus_truth
from stages.network.parameters import Floats, Parameters, flat
from stages.network.propagation import Found, Mask, Sums


class FloatLayer:
    """A layer in the float type of its parameters."""

    def __init__(self, both: Floats) -> None:
        """Take [W b] (n_out, n_in + 1)."""
        self._both = both
        self._back = both[:, :-1].T  # the BLAS turns it while it reads: no copy is needed

    def affine(self, A: Floats) -> Floats:
        """Return Z (n_out, n) = W @ A + b."""
        Z: Floats = self._both @ A
        return Z

    def gradient(self, delta: Floats, A: Floats) -> Floats:
        """Return delta @ A.T, (n_out, n_in + 1)."""
        product: Floats = delta @ A.T
        return product

    def error_below(self, delta: Floats, slope: Floats) -> Floats:
        """Return (W.T @ delta) * slope, (n_in, n)."""
        below: Floats = self._back @ delta
        below *= slope
        return below


def holds(parameters: Parameters, _: float, __: Activation) -> bool:
    """Tell whether the parameters are finite."""
    return all(bool(np.isfinite(array).all()) for layer in parameters for array in layer)


class FloatFunctions:
    """What is alike for all networks in a float type: all that is between the layers."""

    def __init__(self, activation: Activation) -> None:
        """Take the activation of the hidden layers."""
        self._activation = activation

    def activate(self, Z: Floats, mask: Mask | None) -> tuple[Floats, Floats]:
        """Return A (n_out + 1, n), with ones below, and the activation's slope (n_out, n)."""
        A = np.empty((len(Z) + 1, Z.shape[1]), Z.dtype)
        A[-1] = 1
        slope = self._activation.floats(Z, A[:-1])
        if mask is not None:
            A[:-1] *= mask
            slope *= mask
        return A, slope

    def softmax(self, Z: Floats) -> Guess:
        """Return the softmax of each column of Z (10, n)."""
        return softmax(Z)

    def output_error(self, guess: Guess, truth: Truth) -> Floats:
        """Return P − Y.T, or P − T, (10, n); the guess's P is changed."""
        return minus_truth(guess.P, truth)

    def cross_entropy(self, guess: Guess, truth: Truth) -> float:
        """Return the sum over images of minus ln p of the true digit; summed in float64."""
        costs = np.log(guess.total) - np.take(guess.Z, truth.places)
        return float(costs.sum(dtype=np.float64))

    def nats(self, cost: float) -> float:
        """Return a sum of costs in nats: it is in nats."""
        return cost


class FloatNetwork(FloatFunctions):
    """The parameters of a step, in their own float type."""

    def __init__(self, parameters: Parameters, pixel_scale: float, activation: Activation) -> None:
        """Take the parameters, for pixels that are divided by `pixel_scale`."""
        (W, b), *others = parameters
        super().__init__(activation)
        self._scale = W.dtype.type(pixel_scale)
        both = np.column_stack([W, b])
        # W @ (pixels / scale) is (W / scale) @ pixels, and to divide W is less work.
        both[:, :-1] /= self._scale
        both[:, -1] /= W.dtype.type(CONSTANT)
        self.first = FloatLayer(both)
        self.others = [FloatLayer(np.column_stack(layer)) for layer in others]

    def gradient(self, errors: Sequence[Floats], inputs: Sequence[Floats]) -> list[Floats]:
        """Return delta @ A.T of each layer, (n_out, n_in + 1)."""
        layers = [self.first, *self.others]
        return [
            layer.gradient(delta, A) for layer, delta, A in zip(layers, errors, inputs, strict=True)
        ]

    def finish(self, sums: Sums) -> Found:
        """Return the sums with the gradient as a vector."""
        first, *others = sums.gradient
        gradient: Parameters = [
            (first[:, :-1] / self._scale, first[:, -1] / first.dtype.type(CONSTANT)),
            *((both[:, :-1], both[:, -1]) for both in others),
        ]
        return Found(sums.cost, sums.right, flat(gradient))
