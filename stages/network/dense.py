"""The network in float32 or float64 for images that are an array: it copies no parameter.

For a batch of few images, beside which a copy of all weights is much work.
"""

from itertools import pairwise

import numpy as np

from stages.network.activations import Activation
from stages.network.floating import FloatNetwork
from stages.network.parameters import Floats, Parameters, Vector, shaped, sizes_of
from stages.network.propagation import Found, Sums


class DenseLayer:
    """A layer of parameters as they are."""

    def __init__(self, W: Floats, b: Floats, divisor: float) -> None:
        """Take W (n_out, n_in), for inputs that are divided by a divisor, and b (n_out,)."""
        self._W, self._b, self._divisor = W, b, W.dtype.type(divisor)

    def affine(self, A: Floats) -> Floats:
        """Return Z (n_out, n) = W @ A / divisor + b."""
        Z: Floats = self._W @ A[:-1]
        if self._divisor != 1:
            Z /= self._divisor
        Z += self._b[:, np.newaxis]
        return Z

    def gradient(self, delta: Floats, A: Floats) -> Vector:
        """Return delta @ A.T, for the parameters as a vector: by W, and then by b."""
        total: Vector = np.empty(self._W.size + self._b.size, self._W.dtype)
        ((dW, db),) = shaped(total, self._W.shape[::-1])
        np.matmul(delta if self._divisor == 1 else delta / self._divisor, A[:-1].T, out=dW)
        delta.sum(axis=1, out=db)
        return total

    def error_below(self, delta: Floats, slope: Floats) -> Floats:
        """Return (W.T @ delta) * slope, (n_in, n)."""
        below: Floats = self._W.T @ delta
        below *= slope
        return below


class DenseNetwork(FloatNetwork):
    """The parameters of a step, for images that come as an array."""

    def __init__(self, parameters: Parameters, pixel_scale: float, activation: Activation) -> None:
        """Take the parameters, for pixels that are divided by `pixel_scale`."""
        (W, b), *others = parameters
        self._activation, self._sizes = activation, sizes_of(parameters)
        self.first = DenseLayer(W, b, pixel_scale)
        self.others = [DenseLayer(*layer, 1) for layer in others]

    def finish(self, sums: Sums) -> Found:
        """Return the sums with the gradient in the shapes of the parameters."""
        layers = zip(sums.gradient, pairwise(self._sizes), strict=True)
        gradient = [shaped(total, sizes)[0] for total, sizes in layers]
        return Found(sums.cost, sums.right, gradient)
