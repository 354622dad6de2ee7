"""A matrix of images without their blank pixels: what makes the first layer quick.

A pixel that is blank in every image of a block adds nothing to W @ A0, and its weights get
nothing from delta @ A0.T: leaving it out is exact. About half of all pixels go.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stages.network.cost import truth_of
from stages.network.parameters import Floats

Positions = npt.NDArray[np.intp]


class Chunk:
    """Some blocks of equally many images, each without the pixels blank in all its images.

    pixels: (blocks, kept, images) uint8; blocks with fewer kept pixels end in rows of zeros.
    used: (blocks, kept) the pixel that each row holds.
    place: (blocks, 784) where a pixel's row is in `pixels` when its first two axes are one; a
    pixel that was left out has its place just after the end.
    truth: of the images, block after block.
    """

    def __init__(
        self,
        X: npt.NDArray[np.uint8],
        Y: npt.NDArray[np.uint8],
        blocks: Sequence[Positions],
        kept: Sequence[Positions],
    ) -> None:
        """Take the images at each of `blocks` from X and Y, and of each its `kept` pixels."""
        most = max([1, *map(len, kept)])  # of blank images too, one row: BLAS wants some
        self.pixels = np.zeros((len(blocks), most, len(blocks[0])), np.uint8)
        self.used = np.zeros((len(blocks), most), np.intp)
        self.place = np.full((len(blocks), X.shape[1]), len(blocks) * most, np.intp)
        for number, (images, pixels) in enumerate(zip(blocks, kept, strict=True)):
            self.pixels[number, : len(pixels)] = X[np.ix_(images, pixels)].T
            self.used[number, : len(pixels)] = pixels
            self.place[number, pixels] = number * most + np.arange(len(pixels))
        self.truth = truth_of(Y[np.concatenate(blocks)])


class CompactMatrix:
    """The matrix A0 (784, n) of a chunk's whole pixels: good for `W @ A0` and `delta @ A0.T`."""

    __array_ufunc__ = None  # NumPy then leaves `W @ A0` to this class

    def __init__(self, chunk: Chunk, buffer: Floats) -> None:
        """Widen the chunk's pixels into `buffer`, which is changed: (at least their number,)."""
        self.chunk = chunk
        self.wide = buffer[: chunk.pixels.size].reshape(chunk.pixels.shape)
        np.copyto(self.wide, chunk.pixels)

    @property
    def T(self) -> "Transposed":  # noqa: N802 - NumPy's name
        """Return the transpose (n, 784)."""
        return Transposed(self)

    def __rmatmul__(self, W: Floats) -> Floats:
        """Return W @ self: (units, n)."""
        blocks, _, images = self.wide.shape
        picked = np.take(W.T, self.chunk.used, axis=0)
        product = np.empty((len(W), blocks, images), W.dtype)
        np.matmul(picked.transpose(0, 2, 1), self.wide, out=product.transpose(1, 0, 2))
        return product.reshape(len(W), -1)


class Transposed:
    """The transpose of a compact matrix."""

    __array_ufunc__ = None

    def __init__(self, matrix: CompactMatrix) -> None:
        """Keep the matrix, without a copy."""
        self.matrix = matrix

    def __rmatmul__(self, delta: Floats) -> Floats:
        """Return delta @ self: (units, 784)."""
        wide, place = self.matrix.wide, self.matrix.chunk.place
        blocks, kept, images = wide.shape
        columns = delta.reshape(-1, blocks, images).transpose(1, 2, 0)
        rows = np.empty((blocks * kept + 1, len(delta)), delta.dtype)
        rows[-1] = 0  # what a pixel that was left out gets
        np.matmul(wide, columns, out=rows[:-1].reshape(blocks, kept, len(delta)))
        product: Floats = np.take(rows, place, axis=0).sum(axis=0).T
        return product
