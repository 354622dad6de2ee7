"""The end of a Parquet file that says of very many groups of rows where they are, in parts.

pyarrow takes in the whole of it, and makes eleven times as much of it. So it is given several
shorter ones: each says the same, but of some of the groups. For that nothing of the end need be
understood but where each group's description begins: it is written in Thrift's compact protocol,
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md,
as https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift has it.
"""

import mmap
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

MAGIC = b"PAR1"
_GROUPS = 4  # the number of the field that lists them
_DEEPEST = 16  # of structures in one another; a footer has 6
_MOST_STEPS = 256 << 20  # bytes that are gone through one by one: two minutes
# Types of the protocol.
_BOOLEANS, _BYTE, _NUMBERS, _BINARY, _LISTS, _STRUCT = (1, 2), 3, (4, 5, 6), 8, (9, 10), 12
_WIDTHS = {1: 0, 2: 0, _BYTE: 1, 7: 8}  # in a structure; there a boolean's type is its value


class Footer(NamedTuple):
    """Where in a file's end its parts are: `before` the list of groups, each group, and `after`."""

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
        kind, number, at = _field(whole, at, number)
        before = at
        at = _after(whole, at, kind) if number != _GROUPS else at
    count, kind, at = _list(whole, at)
    if kind != _STRUCT or not count:
        raise ValueError("its footer lists no groups of rows")
    groups = _starts(whole, at, end, count)
    last = _after(whole, groups[-1], _STRUCT)
    beside = before - start + end - last
    if beside > most:
        raise ValueError(f"its footer has {beside:,} bytes on columns; expected at most {most:,}")
    return Footer(whole[start:before], groups, last, whole[last:end])


def _starts(whole: mmap.mmap, at: int, end: int, count: int) -> Sequence[int]:
    """Return where the descriptions of so many groups begin.

    Each begins with as many columns as the first, and these with the same field. Where such bytes
    are elsewhere too, the groups are gone through one by one.
    """
    _, _, columns = _field(whole, at, 0)
    _, _, after = _list(whole, columns)
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
        at = _after(whole, at, _STRUCT)
    return starts


def _after(whole: mmap.mmap, at: int, kind: int, depth: int = 0) -> int:
    """Return where what follows a value of a type begins; raises ValueError for no type."""
    if depth > _DEEPEST:
        raise ValueError("its footer is too deep")
    if kind in _WIDTHS:
        return at + _WIDTHS[kind]
    if kind in _NUMBERS:
        return _number(whole, at)[1]
    if kind == _BINARY:
        size, at = _number(whole, at)
        return at + size
    if kind in _LISTS:
        return _after_list(whole, at, depth)
    if kind == _STRUCT:
        return _after_struct(whole, at, depth)
    raise ValueError(f"its footer has a value of type {kind}")


def _after_list(whole: mmap.mmap, at: int, depth: int) -> int:
    """Return where what follows a list begins."""
    count, inner, at = _list(whole, at)
    kind = _BYTE if inner in _BOOLEANS else inner
    for _ in range(count):
        at = _after(whole, at, kind, depth + 1)
    return at


def _after_struct(whole: mmap.mmap, at: int, depth: int) -> int:
    """Return where what follows a structure begins."""
    number = 0
    while whole[at]:
        kind, number, at = _field(whole, at, number)
        at = _after(whole, at, kind, depth + 1)
    return at + 1


def _field(whole: mmap.mmap, at: int, number: int) -> tuple[int, int, int]:
    """Return the type and number of a field that follows that of `number`, and where it begins."""
    head = whole[at]
    if head >> 4:
        return head & 15, number + (head >> 4), at + 1
    number, at = _number(whole, at + 1)
    return head & 15, (number >> 1) ^ -(number & 1), at


def _list(whole: mmap.mmap, at: int) -> tuple[int, int, int]:
    """Return how many values a list has, their type, and where they begin."""
    head = whole[at]
    count, at = _number(whole, at + 1) if head >> 4 == 15 else (head >> 4, at + 1)
    return count, head & 15, at


def _number(whole: mmap.mmap, at: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, the lowest first, and where what follows begins."""
    value = 0
    for shift in range(0, 70, 7):
        value |= (whole[at] & 127) << shift
        at += 1
        if whole[at - 1] < 128:
            return value, at
    raise ValueError("its footer has a number of more than 64 bits")


def _list_of(count: int) -> bytes:
    """Return the head of a list of so many structures."""
    head = bytearray([15 << 4 | _STRUCT])
    while count > 127:
        head.append(count & 127 | 128)
        count >>= 7
    head.append(count)
    return bytes(head)
