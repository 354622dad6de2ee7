"""Which images share a group: those that leave the same pixels blank."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from stages.network.compact import Bytes, Chunk, Positions
from stages.network.exact import BLOCK_IMAGES, CHUNK_IMAGES

# Measured on a 2-core AMD EPYC. A block of 128 images is a whole number of a BLAS's tiles and,
# with 16 units, small enough for its quick path. Four of them share their pixels, two such groups
# are multiplied in one call, widened into the cache, and eight are a chunk: some 4,000 images are
# long against Python's own work, for which threads wait for each other.
GROUP_BLOCKS = 4
BATCH_GROUPS = 2
CHUNK_GROUPS = 8
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
    group_blocks: int = GROUP_BLOCKS,
    chunk_groups: int = CHUNK_GROUPS,
) -> list[Chunk]:
    """Return all images in chunks, made for a first layer of so many `units`.

    X: (n, 784). Y: (n, 10). What is where depends on the arguments alone.
    """
    size = BLOCK_IMAGES * group_blocks
    order = alike(X, Y, size)
    whole = len(X) - len(X) % size
    groups = order[:whole].reshape(-1, group_blocks, BLOCK_IMAGES)
    most = max(1, min(chunk_groups, CHUNK_IMAGES // size, _CHUNK_NUMBERS // (size * units)))
    chunks = [Chunk(X, Y, some) for some in _dealt(X, groups, most)]
    return chunks + [Chunk(X, Y, [rest[np.newaxis]]) for rest in _blocks(order[whole:])]


def _dealt(X: Bytes, groups: Positions, most: int) -> list[list[Positions]]:
    """Return the groups in batches of about equally many kept pixels, dealt to chunks.

    At most so many groups are a chunk, and all chunks keep about equally many pixels.
    """
    kept = [np.count_nonzero(X[blocks.ravel()].any(axis=0)) for blocks in groups]
    order = np.argsort(np.negative(kept), kind="stable")
    batches = [groups[order[i : i + BATCH_GROUPS]] for i in range(0, len(order), BATCH_GROUPS)]
    count = math.ceil(len(batches) / max(1, most // BATCH_GROUPS))
    count += count % 2  # two threads are to end together
    return [batches[number::count] for number in range(count) if batches[number::count]]


def _blocks(rest: Positions) -> Iterator[Positions]:
    """Yield the whole blocks of the images that fill no group, then what is left."""
    whole = len(rest) - len(rest) % BLOCK_IMAGES
    if whole:
        yield rest[:whole].reshape(-1, BLOCK_IMAGES)
    if whole < len(rest):
        yield rest[whole:].reshape(1, -1)


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
