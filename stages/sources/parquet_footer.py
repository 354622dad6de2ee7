"""The end of a Parquet file that says of very many groups of rows where they are, in parts.

pyarrow takes in the whole of it, and makes eleven times as much of it. So it is given several
shorter ones: each says the same, but of some of the groups. For that nothing of the end need be
understood but where each group's description begins, as
https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift has it.
"""

import mmap
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

from stages.sources import thrift

MAGIC = b"PAR1"
_GROUPS = 4  # the number of the field that lists them
_MOST_STEPS = 256 << 20  # bytes that are gone through one by one: two minutes


class Footer(NamedTuple):
    """Where in a file's end its parts are.

    before, after: what stands before the list of groups, and behind it. groups: where each begins.
    end: where the last ends.
    """

    before: bytes
    groups: Sequence[int]
    end: int
    after: bytes


def size_of(content: IO[bytes]) -> int:
    """Return how many bytes a file's footer has; 0 where it does not end as a Parquet file does."""
    content.seek(-min(8, content.seek(0, 2)), 2)
    size = int.from_bytes(content.read(4), "little")
    return size if content.read(4) == MAGIC else 0


def parts(content: IO[bytes], most: int) -> Iterator[bytes]:
    """Yield files without data, each with a footer that says of some groups of rows, in order.

    most: how many bytes may be said of these, and beside. Raises ValueError or IndexError where its
    footer is none, and ValueError where more is said of one group, or beside.
    """
    with mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        start = len(whole) - 8 - size_of(content)
        found = _footer(whole, start, len(whole) - 8, most)
        for first, last in _runs(array("q", [*found.groups, found.end]), most):
            end = found.groups[last] if last < len(found.groups) else found.end
            said = _list_of(last - first) + whole[found.groups[first] : end]
            footer = found.before + said + found.after
            yield MAGIC + footer + len(footer).to_bytes(4, "little") + MAGIC


def _runs(bounds: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Yield the first group and the one after the last of runs of at most so many bytes.

    bounds: where the groups begin, and where the last ends.
    """
    first, last = 0, len(bounds) - 1
    while first < last:
        after = bisect_right(bounds, bounds[first] + most) - 1
        if after == first:
            size = bounds[first + 1] - bounds[first]
            raise ValueError(
                f"its footer has {size:,} bytes on one group; expected at most {most:,}"
            )
        yield first, after
        first = after


def _footer(whole: mmap.mmap, start: int, end: int, most: int) -> Footer:
    """Find the parts of a footer."""
    at, number = start, 0
    while number != _GROUPS:
        kind, number, at = thrift.field_at(whole, at, number)
        before = at
        at = thrift.after(whole, at, kind) if number != _GROUPS else at
    count, kind, at = thrift.list_at(whole, at)
    if kind != thrift.STRUCT or not count:
        raise ValueError("its footer lists no groups of rows")
    groups = _starts(whole, at, end, count)
    last = thrift.after(whole, groups[-1], thrift.STRUCT)
    beside = before - start + end - last
    if beside > most:
        raise ValueError(f"its footer has {beside:,} bytes on columns; expected at most {most:,}")
    return Footer(whole[start:before], groups, last, whole[last:end])


def _starts(whole: mmap.mmap, at: int, end: int, count: int) -> Sequence[int]:
    """Return where the descriptions of so many groups begin.

    Each begins with as many columns as the first, and these with the same field. Where such bytes
    are elsewhere too, the groups are gone through one by one.
    """
    _, _, columns = thrift.field_at(whole, at, 0)
    _, _, after = thrift.list_at(whole, columns)
    sign, first, starts = whole[at : after + 1], at, array("q", [at])
    while (at := whole.find(sign, at + 1, end)) >= 0 and len(starts) <= count:
        starts.append(at)
    return starts if len(starts) == count else _steps(whole, first, end, count)


def _steps(whole: mmap.mmap, at: int, end: int, count: int) -> Sequence[int]:
    """Return what `_starts` does, the slow way."""
    if end - at > _MOST_STEPS:
        raise ValueError(f"its footer of {end - at:,} bytes is too long; write larger groups")
    starts = array("q")
    for _ in range(count):
        starts.append(at)
        at = thrift.after(whole, at, thrift.STRUCT)
    return starts


def _list_of(count: int) -> bytes:
    """Return the head of a list of so many structures."""
    head = bytearray([15 << 4 | thrift.STRUCT])
    while count > 127:
        head.append(count & 127 | 128)
        count >>= 7
    head.append(count)
    return bytes(head)
