"""Which images share a block: those that leave the same pixels blank."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from stages.network.compact import Chunk, Positions

# Measured on a 2-core AMD EPYC. A block of 128 images is a whole number of a BLAS's tiles and,
# with 16 units, small enough for its quick path; a chunk of some 2,000 images keeps a thread
# busy for 0.7 ms, long against Python's own work, while its arrays stay in the cache.
BLOCK_IMAGES = 128
CHUNK_BLOCKS = 15
# Of a wider first layer fewer blocks are a chunk, which bounds a thread's arrays.
_CHUNK_NUMBERS = 250_000
# So many images are sorted at a time, a multiple of BLOCK_IMAGES: this bounds the memory.
_SORTED_IMAGES = 65_536


def partition(X: npt.NDArray[np.uint8], Y: npt.NDArray[np.uint8], units: int) -> list[Chunk]:
    """Return all images in chunks, made for a first layer of so many `units`.

    X: (n, 784). Y: (n, 10). What is where depends on the arguments alone.
    """
    order = _similar_first(X, Y)
    whole = len(X) - len(X) % BLOCK_IMAGES
    blocks = list(order[:whole].reshape(-1, BLOCK_IMAGES))
    rest = [order[whole:]] if whole < len(X) else []
    return [
        Chunk(X, Y, some, [_inked(X, block) for block in some])
        for some in [*_grouped(X, blocks, units), *([rest] if rest else [])]
    ]


def _grouped(
    X: npt.NDArray[np.uint8], blocks: Sequence[Positions], units: int
) -> list[list[Positions]]:
    """Return the blocks in groups of about equally many kept pixels, the largest first."""
    most = max(1, min(CHUNK_BLOCKS, _CHUNK_NUMBERS // (X.shape[1] * units)))
    by_size = sorted(blocks, key=lambda block: -len(_inked(X, block)))
    count = math.ceil(len(blocks) / most)
    bounds = [number * len(blocks) // max(count, 1) for number in range(count + 1)]
    return [by_size[start:end] for start, end in pairwise(bounds)]


def _inked(X: npt.NDArray[np.uint8], images: Positions) -> Positions:
    """Return the pixels that are not blank in every one of some images."""
    return np.flatnonzero(X[images].any(axis=0))


def _similar_first(X: npt.NDArray[np.uint8], Y: npt.NDArray[np.uint8]) -> Positions:
    """Return the images' positions by digit and, within a digit, by their rarest pixel.

    An image whose pixels are all common among its digit comes first, one with a pixel that few
    others ink comes last: so the odd pixels gather in few blocks.
    """
    labels = Y.argmax(axis=1)
    ordered = []
    for start in range(0, len(X), _SORTED_IMAGES):
        some = labels[start : start + _SORTED_IMAGES]
        for digit in np.unique(some):
            images = start + np.flatnonzero(some == digit)
            inked = X[images] != 0
            share = inked.mean(axis=0, dtype=np.float32)
            rarest = np.where(inked, share, np.float32(1)).min(axis=1)
            ordered.append(images[np.argsort(-rarest, kind="stable")])
    return np.concatenate(ordered)
