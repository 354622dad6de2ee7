"""A matrix of images without their blank pixels: what makes the first layer quick.

A pixel that is blank in every image of a group adds nothing to W @ A0, and its weights get
nothing from delta @ A0.T: leaving it out is exact. More than half of all pixels go.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stages.network.cost import truth_of
from stages.network.parameters import Floats

Positions = npt.NDArray[np.intp]
Bytes = npt.NDArray[np.uint8]

# The value of one more pixel, the same in every image: its weights are the biases. A power of
# two, as those are divided by it.
CONSTANT = 128


class Group:
    """Some blocks of equally many images, and the pixels that are not blank in all of them.

    used: (kept,) which pixels those are; the last is the constant one.
    columns: (blocks, kept, images) uint8, for W @ A0. rows: (blocks, images, kept), the same for
    delta @ A0.T: the BLAS is quick where what it sums over lies so.
    """

    def __init__(self, X: Bytes, blocks: Positions) -> None:
        """Take the images at `blocks` (blocks, images) from X."""
        images = X[blocks.ravel()]
        kept = np.flatnonzero(images.any(axis=0))
        self.used = np.append(kept, X.shape[1])
        some = np.full((len(images), len(self.used)), CONSTANT, np.uint8)
        np.take(images, kept, axis=1, out=some[:, :-1])
        self.rows = some.reshape(*blocks.shape, -1)
        self.columns = np.ascontiguousarray(self.rows.transpose(0, 2, 1))


class Chunk:
    """Some groups of images: what one thread works on at a time.

    truth: of the images, in their order. pixels: how many images there are in all.
    """

    def __init__(self, X: Bytes, Y: Bytes, groups: Sequence[Positions]) -> None:
        """Take the images at each of `groups`, (blocks, images), from X and Y."""
        self.groups = [Group(X, blocks) for blocks in groups]
        self.truth = truth_of(Y[np.concatenate([blocks.ravel() for blocks in groups])])
        self.inputs = X.shape[1]
        self.widest = max(group.rows.size for group in self.groups)

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.truth.labels)


class CompactMatrix:
    """The matrix A0 (785, n) of a chunk's whole pixels: good for `W @ A0` and `delta @ A0.T`."""

    __array_ufunc__ = None  # NumPy then leaves `W @ A0` to this class

    def __init__(self, chunk: Chunk, buffer: Floats) -> None:
        """Widen the chunk's pixels into `buffer`, which is changed: (chunk.widest,) at least."""
        self.chunk, self.buffer = chunk, buffer

    @property
    def T(self) -> "Transposed":  # noqa: N802 - NumPy's name
        """Return the transpose (n, 785)."""
        return Transposed(self)

    def __rmatmul__(self, W: Floats) -> Floats:
        """Return W @ self: (units, n)."""
        product = np.empty((len(W), len(self.chunk)), W.dtype)
        start = 0
        for group in self.chunk.groups:
            blocks, _, images = group.columns.shape
            end = start + blocks * images
            by_block = product[:, start:end].reshape(len(W), blocks, images).transpose(1, 0, 2)
            np.matmul(W.take(group.used, axis=1), self.widened(group.columns), out=by_block)
            start = end
        return product

    def widened(self, pixels: Bytes) -> Floats:
        """Return pixels as floats, in the buffer, which is changed."""
        wide = self.buffer[: pixels.size].reshape(pixels.shape)
        np.copyto(wide, pixels)
        return wide


class Transposed:
    """The transpose of a compact matrix."""

    __array_ufunc__ = None

    def __init__(self, matrix: CompactMatrix) -> None:
        """Keep the matrix, without a copy."""
        self.matrix = matrix

    def __rmatmul__(self, delta: Floats) -> Floats:
        """Return delta @ self: (units, 785)."""
        chunk = self.matrix.chunk
        total = np.zeros((chunk.inputs + 1, len(delta)), delta.dtype)
        start = 0
        for group in chunk.groups:
            blocks, images, _ = group.rows.shape
            end = start + blocks * images
            by_block = delta[:, start:end].reshape(len(delta), blocks, images).transpose(1, 0, 2)
            first, *others = np.matmul(by_block, self.matrix.widened(group.rows))
            for other in others:
                first += other
            total[group.used] += first.T
            start = end
        return total.T
