"""Which images share a group: those that leave the same pixels blank."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from stages.network.compact import Bytes, Chunk, Positions
from stages.network.exact import BLOCK_IMAGES

# Measured on a 2-core AMD EPYC. A block of 128 images is a whole number of a BLAS's tiles and,
# with 16 units, small enough for its quick path. Four of them share their pixels. A chunk of
# some 4,000 images is long against Python's own work, while its arrays stay in the cache.
GROUP_BLOCKS = 4
CHUNK_GROUPS = 8
# Of a wider first layer fewer groups are a chunk, which bounds a thread's arrays.
_CHUNK_NUMBERS = 2_000_000
# So many images are ordered at a time: this bounds memory and time.
_ORDERED_IMAGES = 30_720

Words = npt.NDArray[np.uint64]


def partition(
    X: Bytes,
    Y: Bytes,
    units: int,
    group_blocks: int = GROUP_BLOCKS,
    chunk_groups: int = CHUNK_GROUPS,
) -> list[Chunk]:
    """Return all images in chunks, made for a first layer of so many `units`.

    X: (n, 784). Y: (n, 10). What is where depends on the arguments alone.
    """
    order = alike(X, Y)
    size = BLOCK_IMAGES * group_blocks
    whole = len(X) - len(X) % size
    groups = [images.reshape(-1, BLOCK_IMAGES) for images in order[:whole].reshape(-1, size)]
    most = max(1, min(chunk_groups, _CHUNK_NUMBERS // (size * units)))
    chunks = [Chunk(X, Y, some) for some in _dealt(X, groups, most)]
    return chunks + [Chunk(X, Y, [rest]) for rest in _blocks(order[whole:])]


def _dealt(X: Bytes, groups: Sequence[Positions], most: int) -> list[list[Positions]]:
    """Return the groups dealt to chunks of at most `most`, of about equally many kept pixels."""
    by_size = sorted(groups, key=lambda blocks: -np.count_nonzero(X[blocks.ravel()].any(axis=0)))
    count = math.ceil(len(groups) / most)
    count += count % 2  # two threads are to end together
    dealt = [by_size[number::count] for number in range(count)]
    return [some for some in dealt if some]


def _blocks(rest: Positions) -> Iterator[Positions]:
    """Yield the whole blocks of the images that fill no group, then what is left."""
    whole = len(rest) - len(rest) % BLOCK_IMAGES
    if whole:
        yield rest[:whole].reshape(-1, BLOCK_IMAGES)
    if whole < len(rest):
        yield rest[whole:].reshape(1, -1)


def alike(X: Bytes, Y: Bytes) -> Positions:
    """Return the images' positions by digit and, within a digit, by their rarest pixel.

    An image whose pixels are all common among its digit comes first, one with a pixel that few
    others ink comes last: so the odd pixels gather in few groups.
    """
    labels = Y.argmax(axis=1)
    ordered = []
    for start in range(0, len(X), _ORDERED_IMAGES):
        some = labels[start : start + _ORDERED_IMAGES]
        for digit in np.unique(some):
            images = start + np.flatnonzero(some == digit)
            inked = X[images] != 0
            often = np.count_nonzero(inked, axis=0)
            rarest = np.where(inked, often, len(images)).min(axis=1)
            ordered.append(images[np.argsort(-rarest, kind="stable")])
    return np.concatenate(ordered)
