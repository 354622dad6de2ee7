"""The network in float32 or float64 for images that are an array: it copies no parameter.

For a batch of few images, beside which a copy of all weights is much work.
"""

from collections.abc import Sequence

import numpy as np

from stages.network.activations import Activation
from stages.network.floating import FloatFunctions
from stages.network.parameters import Floats, Layer, Parameters, Vector, count, shaped, sizes_of
from stages.network.propagation import Found, Sums

# In float32 the BLAS takes few units for columns to be quick, where an image's pixels lie in a row.
_FEW_UNITS = 32


class DenseLayer:
    """A layer of parameters as they are."""

    def __init__(self, W: Floats, b: Floats, divisor: float) -> None:
        """Take W (n_out, n_in), for inputs that are divided by a divisor, and b (n_out,)."""
        self._W, self._b, self._divisor = W, b, W.dtype.type(divisor)

    def affine(self, A: Floats) -> Floats:
        """Return Z (n_out, n) = W @ A / divisor + b."""
        Z = _product(self._W, A[:-1])
        if self._divisor != 1:
            Z /= self._divisor
        Z += self._b[:, np.newaxis]
        return Z

    def set_gradient(self, place: Layer, delta: Floats, A: Floats) -> None:
        """Set the place of W, and that of b, to delta @ A.T."""
        dW, db = place
        np.matmul(delta if self._divisor == 1 else delta / self._divisor, A[:-1].T, out=dW)
        delta.sum(axis=1, out=db)

    def error_below(self, delta: Floats, slope: Floats) -> Floats:
        """Return (W.T @ delta) * slope, (n_in, n)."""
        below: Floats = self._W.T @ delta
        below *= slope
        return below


def _product(W: Floats, A: Floats) -> Floats:
    """Return W @ A (n_out, n)."""
    in_rows = A.strides[0] < A.strides[1]
    if in_rows and len(W) <= _FEW_UNITS and W.dtype == np.float32:
        return np.ascontiguousarray((A.T @ W.T).T)
    Z: Floats = W @ A
    return Z


class DenseNetwork(FloatFunctions):
    """The parameters of a step, for images that come as an array."""

    def __init__(self, parameters: Parameters, pixel_scale: float, activation: Activation) -> None:
        """Take the parameters, for pixels that are divided by `pixel_scale`."""
        (W, b), *others = parameters
        super().__init__(activation)
        self._parameters = parameters
        self.first = DenseLayer(W, b, pixel_scale)
        self.others = [DenseLayer(*layer, 1) for layer in others]

    def gradient(self, errors: Sequence[Floats], inputs: Sequence[Floats]) -> list[Vector]:
        """Return delta @ A.T of all layers as one vector, as the parameters are."""
        total: Vector = np.empty(count(self._parameters), errors[0].dtype)
        places, layers = shaped(total, sizes_of(self._parameters)), [self.first, *self.others]
        for layer, place, delta, A in zip(layers, places, errors, inputs, strict=True):
            layer.set_gradient(place, delta, A)
        return [total]

    def finish(self, sums: Sums) -> Found:
        """Return the sums: they are what a batch says."""
        (gradient,) = sums.gradient
        return Found(sums.cost, sums.right, gradient)
