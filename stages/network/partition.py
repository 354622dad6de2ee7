"""Which images share a group: those that leave the same pixels blank."""

import math
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import numpy as np
import numpy.typing as npt

from stages.network.compact import Bytes, Chunk, Positions
from stages.network.exact import BLOCK_IMAGES, CHUNK_IMAGES

# Measured on a 2-core AMD EPYC. A block of 128 images is a whole number of a BLAS's tiles and,
# with 16 units, small enough for its quick path. Four of them share their pixels. Fifteen such
# groups are a chunk: some 8,000 images are long against Python's own work, for which threads wait
# for each other.
GROUP_BLOCKS = 4
CHUNK_GROUPS = 15
# Groups are multiplied together while their pixels as floats take no more than the cache bears.
_BATCH_BYTES = 3_000_000
# Of a wider first layer fewer groups are a chunk, which bounds a thread's arrays.
_CHUNK_NUMBERS = 2_000_000
# So many images are ordered at a time: this bounds memory and time.
_ORDERED_IMAGES = 30_720

# So many images join a group in one step: fewer would be slower, and no better.
_STEP_IMAGES = 4
_TAKEN = 30_000  # more than any image has pixels

Counts = npt.NDArray[np.int16]


def partition(
    X: Bytes,
    Y: Bytes,
    units: int,
    numbers: np.dtype[Any],
    group_blocks: int = GROUP_BLOCKS,
    chunk_groups: int = CHUNK_GROUPS,
) -> list[Chunk]:
    """Return all images in chunks, made for a first layer of so many `units`.

    X: (n, 784). Y: (n, 10). numbers: the type that pixels are widened to. What is where depends
    on the arguments alone.
    """
    size = BLOCK_IMAGES * group_blocks
    order = alike(X, Y, size)
    whole = len(X) - len(X) % size
    groups = order[:whole].reshape(-1, group_blocks, BLOCK_IMAGES)
    most = min(chunk_groups, CHUNK_IMAGES // size - 1, _CHUNK_NUMBERS // (size * units))
    half_the_pixels = size * X.shape[1] // 2
    together = max(1, _BATCH_BYTES // (half_the_pixels * numbers.itemsize + 1))
    dealt = _dealt(X, groups, max(1, most), together)
    for batches, blocks in zip(cycle(reversed(dealt)), _blocks(order[whole:]), strict=False):
        batches.append(blocks)
    chunks = [Chunk(X, Y, batches) for batches in dealt if batches]
    return sorted(chunks, key=len, reverse=True)  # the thread that begins first takes the largest


def _dealt(X: Bytes, groups: Positions, most: int, together: int) -> list[list[Positions]]:
    """Return the groups in batches of so many `together`, dealt to chunks of at most `most`.

    The groups of a batch keep about equally many pixels, and so do all chunks; their number is
    even, as two threads are to end together.
    """
    kept = [np.count_nonzero(X[blocks.ravel()].any(axis=0)) for blocks in groups]
    order = np.argsort(np.negative(kept), kind="stable")
    count = 2 * max(1, math.ceil(len(order) / most / 2))
    paired = len(order) - len(order) % (count * together)
    batches = [groups[some] for some in order[:paired].reshape(-1, together)]
    batches += [groups[[one]] for one in order[paired:]]
    return [batches[number::count] for number in range(count)]


def _blocks(rest: Positions) -> Iterator[Positions]:
    """Yield the whole blocks of the images that fill no group, in two halves, and what is left."""
    whole = len(rest) - len(rest) % BLOCK_IMAGES
    for half in np.array_split(rest[:whole].reshape(-1, BLOCK_IMAGES), 2):
        if len(half):
            yield half[np.newaxis]
    if whole < len(rest):
        yield rest[np.newaxis, np.newaxis, whole:]


def alike(X: Bytes, Y: Bytes, size: int) -> Positions:
    """Return an order of the images in which every `size` of them leave many pixels blank.

    By digit; what is left of each digit comes last, by the same rule.
    """
    labels, groups = Y.argmax(axis=1), list[Positions]()
    for start in range(0, len(X), _ORDERED_IMAGES):
        some, rest = labels[start : start + _ORDERED_IMAGES], list[Positions]()
        for digit in np.unique(some):
            found, left = _grouped(X, start + np.flatnonzero(some == digit), size)
            groups += found
            rest.append(left)
        found, left = _grouped(X, np.concatenate(rest), size)
        groups += [*found, left]
    return np.concatenate(groups)


def _grouped(X: Bytes, images: Positions, size: int) -> tuple[list[Positions], Positions]:
    """Return as many groups of `size` similar images as there can be, and the images left."""
    groups = []
    ink = np.ascontiguousarray((X[images] != 0).T, np.int16)
    while len(images) >= size:
        taken = _similar(ink, size)
        groups.append(images[taken])
        left = np.delete(np.arange(len(images)), taken)
        images, ink = images[left], np.ascontiguousarray(ink[:, left])
    return groups, images


def _similar(ink: Counts, size: int) -> Positions:
    """Return the positions of `size` images that add few pixels to each other's.

    ink: (784, images) 1 where a pixel is not blank, else 0. Greedy: the image with the fewest
    pixels, and again and again the few that add fewest to those that are taken.
    """
    taken, blank = np.empty(0, np.intp), np.ones(len(ink), bool)
    more = ink.sum(axis=0, dtype=np.int16)  # the pixels that each image would add
    while len(taken) < size:
        step = min(_STEP_IMAGES, size - len(taken))
        best = np.flatnonzero(more == 0)[: size - len(taken)]
        if len(best) < step:
            best = np.argpartition(more, step - 1)[:step]
        taken = np.append(taken, best)
        new = np.flatnonzero(blank & ink[:, best].any(axis=1))
        blank[new] = False
        more -= ink[new].sum(axis=0, dtype=np.int16)
        more[taken] = _TAKEN
    return taken
