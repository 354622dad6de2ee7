"""A matrix of images without their blank pixels: what makes the first layer quick.

A pixel that is blank in every image of a group adds nothing to W @ A0, and its weights get
nothing from delta @ A0.T: leaving it out is exact. More than half of all pixels go.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from stages.network.cost import truth_of
from stages.network.parameters import Floats

Positions = npt.NDArray[np.intp]
Bytes = npt.NDArray[np.uint8]

# The value of one more pixel, the same in every image: its weights are the biases. A power of
# two, as those are divided by it.
CONSTANT = 128


class Batch:
    """Some groups of images that are multiplied together.

    A group is some blocks of images that leave the same pixels blank.

    used: (groups, kept) the pixels that are not blank in all images of a group, then the constant
    one; a group with fewer goes on with pixels that are 0, whose place is after all others.
    columns: (groups, blocks, kept, images) uint8, for W @ A0. rows: (groups, blocks, images, kept),
    the same for delta @ A0.T: the BLAS is quick where what it sums over lies so.
    """

    def __init__(self, X: Bytes, groups: Positions) -> None:
        """Take the images at `groups`, (groups, blocks, images), from X."""
        kept = [np.flatnonzero(X[blocks.ravel()].any(axis=0)) for blocks in groups]
        most, pixels = max(map(len, kept)) + 1, X.shape[1]
        self.used = np.full((len(groups), most), pixels + 1)
        self.rows = np.zeros((*groups.shape, most), np.uint8)
        for number, (blocks, some) in enumerate(zip(groups, kept, strict=True)):
            self.used[number, : len(some) + 1] = np.append(some, pixels)
            self.rows[number, ..., : len(some)] = X[blocks[..., np.newaxis], some]
            self.rows[number, ..., len(some)] = CONSTANT
        self.columns = np.ascontiguousarray(self.rows.swapaxes(2, 3))


class Chunk:
    """Some batches of images: what one thread works on at a time.

    truth: of the images, in their order. inputs: how many pixels an image has.
    """

    def __init__(self, X: Bytes, Y: Bytes, batches: Sequence[Positions]) -> None:
        """Take the images of each batch, (groups, blocks, images), from X and Y."""
        self.batches = [Batch(X, groups) for groups in batches]
        self.truth = truth_of(Y[np.concatenate([groups.ravel() for groups in batches])])
        self.inputs = X.shape[1]
        self.widest = max(batch.rows.size for batch in self.batches)

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.truth.labels)

    def parts(self, x: Floats) -> Iterator[tuple[Batch, Floats]]:
        """Yield each batch with its part of x (units, n), as (groups, blocks, units, images)."""
        start = 0
        for batch in self.batches:
            groups, blocks, images, _ = batch.rows.shape
            end = start + groups * blocks * images
            some = x[:, start:end].reshape(len(x), groups, blocks, images)
            yield batch, some.transpose(1, 2, 0, 3)
            start = end


def one_block(X: Bytes, Y: Bytes, images: Positions) -> Chunk:
    """Return some images, in the order given, as a chunk of one block."""
    return Chunk(X, Y, [images[np.newaxis, np.newaxis]])


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
        for batch, part in self.chunk.parts(product):
            picked = W.take(batch.used, axis=1, mode="clip").swapaxes(0, 1)
            np.matmul(picked[:, np.newaxis], self.widened(batch.columns), out=part)
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
        total = np.zeros((chunk.inputs + 2, len(delta)), delta.dtype)
        for batch, part in chunk.parts(delta):
            by_group = np.add.reduce(part @ self.matrix.widened(batch.rows), axis=1)
            for used, product in zip(batch.used, by_group, strict=True):
                sums = total.take(used, axis=0)
                sums += product.T
                total[used] = sums
        return total[: chunk.inputs + 1].T
