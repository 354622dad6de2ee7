"""Which images share a group: those that leave the same pixels blank."""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

import numpy as np
import numpy.typing as npt

from stages.network.compact import Bytes, Chunk, Positions
from stages.network.exact_layers import CHUNK_IMAGES
from stages.network.rooms import MEMORY, Room

# Images that train are cut into pieces of so many, the last of what is left. It decides the last
# bits of float32 and float64.
ARRANGED_ROWS = 61_440

# Measured on a 2-core AMD EPYC. Up to so many units of the first layer: so many images share a
# group, of any more units WIDE_IMAGES; where rows are few, FEW_IMAGES at most. The fewer, the more
# pixels they leave blank, and a product of less than a million multiplications takes the BLAS's
# quick path; but each group's pixels need weights and sums of their own.
GROUP_IMAGES = {16: 128, 32: 64}
WIDE_IMAGES = 256
FEW_IMAGES, _FEW_ROWS = 64, 8_192
# Groups are multiplied together while their pixels as floats take no more than the cache bears.
_BUNDLE_BYTES = 3_000_000
# Images of a chunk, at most: for threads so many that Python's own work is short, for which they
# wait for each other; for processes, which do not, so few that arrays stay in the cache.
_THREAD_IMAGES, _PROCESS_IMAGES = 7_680, 4_096
# Of a wider first layer fewer, which bounds a thread's arrays; yet each chunk's sums are added.
_CHUNK_NUMBERS = 1_000_000
# So many images are ordered at a time: this bounds memory and time.
_ORDERED_IMAGES = 30_720

_TAKEN = 30_000  # more than any image has pixels


def in_pieces(
    X: Bytes,
    Y: Bytes,
    units: int,
    numbers: np.dtype[Any],
    threads: int,
    *,
    processes: bool = False,
    room: Room = MEMORY,
    piece_rows: int = ARRANGED_ROWS,
) -> Iterator[list[Chunk]]:
    """Yield the chunks of each piece of all images, which are those of that piece alone.

    threads: that make them, each a piece at a time. Other arguments are those of `partition`.
    """

    def chunks_of(start: int) -> list[Chunk]:
        some = slice(start, start + piece_rows)
        return partition(X[some], Y[some], units, numbers, processes=processes, room=room)

    first, *others = range(0, len(X), piece_rows)
    chunks = chunks_of(first)
    if others:
        room.expect(sum(chunk.nbytes for chunk in chunks) * (len(X) - piece_rows) // piece_rows)
    yield chunks
    with ThreadPoolExecutor(threads) as helpers:
        yield from helpers.map(chunks_of, others)


def partition(
    X: Bytes,
    Y: Bytes,
    units: int,
    numbers: np.dtype[Any],
    group_images: int | None = None,
    chunk_images: int | None = None,
    processes: bool = False,
    room: Room = MEMORY,
) -> list[Chunk]:
    """Return all images of a piece in chunks, made for a first layer of so many `units`.

    X: (n, 784). Y: (n, 10). numbers: the type that pixels are widened to. processes: whether these
    are to share the chunks, and not threads. room: where the chunks lie. What is in which of them
    depends on the other arguments alone.
    """
    chunk_images = chunk_images or (_PROCESS_IMAGES if processes else _THREAD_IMAGES)
    size = group_images or group_size(units, len(X))
    order = alike(X, Y, size)
    whole = len(X) - len(X) % size
    most = min(chunk_images, CHUNK_IMAGES - size, _CHUNK_NUMBERS // units) // size
    half_the_pixels = size * X.shape[1] // 2
    together = max(1, _BUNDLE_BYTES // (half_the_pixels * numbers.itemsize + 1))
    dealt = _dealt(X, order[:whole].reshape(-1, size), max(1, most), together)
    if whole < len(X):
        min(dealt, key=_images).append(order[np.newaxis, whole:])
    shares = dealt if processes else _out_of_step(dealt)
    return [Chunk(X, Y, bundles, room) for bundles in shares if bundles]


def _images(bundles: list[Positions]) -> int:
    """Return how many images the bundles have."""
    return sum(groups.size for groups in bundles)


def _out_of_step(dealt: list[list[Positions]]) -> list[list[Positions]]:
    """Return the chunks in the order in which threads take them, the largest first.

    The second is half a chunk, and the last its other half: two threads then do not come to the
    short calls between the large products at the same time, where each would wait for the other
    at every call.
    """
    first, *others, last = sorted(dealt, key=_images, reverse=True)
    return [first, last[1::2], *others, last[::2]]


def group_size(units: int, rows: int) -> int:
    """Return how many of so many images share a group, for a first layer of so many units."""
    size = next((size for most, size in GROUP_IMAGES.items() if units <= most), WIDE_IMAGES)
    return min(size, FEW_IMAGES) if rows < _FEW_ROWS else size


def _dealt(X: Bytes, groups: Positions, most: int, together: int) -> list[list[Positions]]:
    """Return the groups in bundles of so many `together`, dealt to chunks of at most `most`.

    The groups of a bundle keep about equally many pixels, and so do all chunks; their number is
    even, as two threads are to end together.
    """
    kept = [np.count_nonzero(X[images].any(axis=0)) for images in groups]
    order = np.argsort(np.negative(kept), kind="stable")
    count = 2 * max(1, math.ceil(len(order) / most / 2))
    even = len(order) - len(order) % (count * together)
    bundles = [*order[:even].reshape(-1, together), *np.array_split(order[even:], count)]
    dealt: list[list[Positions]] = [[] for _ in range(count)]
    for chunk, bundle in zip(cycle([*dealt, *reversed(dealt)]), bundles, strict=False):
        if len(bundle):
            chunk.append(groups[bundle])
    return dealt


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
    groups, inked = [], X[images] != 0
    while len(images) >= size:
        taken = _similar(inked, size)
        groups.append(images[taken])
        left = np.delete(np.arange(len(images)), taken)
        images, inked = images[left], inked[left]
    return groups, images


def _similar(inked: npt.NDArray[np.bool_], size: int) -> list[int]:
    """Return the positions of `size` images that add few pixels to each other's.

    inked: (images, 784) whether a pixel is not blank. Greedy: the image with the fewest pixels,
    and again and again the one that adds fewest to those that are taken.
    """
    taken, blank = list[int](), np.ones(inked.shape[1], bool)
    by_pixel = np.ascontiguousarray(inked.T, np.int16)
    more = by_pixel.sum(axis=0, dtype=np.int16)  # the pixels that each image would add
    while len(taken) < size:
        best = int(more.argmin())
        new = np.flatnonzero(blank & inked[best])
        blank[new] = False
        more -= by_pixel[new].sum(axis=0, dtype=np.int16)
        free = np.flatnonzero(more == 0)[: size - len(taken)]
        taken.extend(free.tolist())
        more[free] = _TAKEN
    return taken
