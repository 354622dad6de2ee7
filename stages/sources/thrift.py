"""Where values begin and end that Thrift's compact protocol has written, as in Parquet files.

https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

import mmap

_DEEPEST = 16  # of structures in one another; Parquet has 6
# Types of the protocol.
_BOOLEANS, _BYTE, _NUMBERS, _BINARY, _LISTS, STRUCT = (1, 2), 3, (4, 5, 6), 8, (9, 10), 12
_WIDTHS = {1: 0, 2: 0, _BYTE: 1, 7: 8}  # in a structure; there a boolean's type is its value


def after(whole: mmap.mmap, at: int, kind: int, depth: int = 0) -> int:
    """Return where what follows a value of a type begins; raises ValueError for no type."""
    if depth > _DEEPEST:
        raise ValueError("it is too deep")
    if kind in _WIDTHS:
        return at + _WIDTHS[kind]
    if kind in _NUMBERS:
        return number_at(whole, at)[1]
    if kind == _BINARY:
        size, at = number_at(whole, at)
        return at + size
    if kind in _LISTS:
        return _after_list(whole, at, depth)
    if kind == STRUCT:
        return _after_struct(whole, at, depth)
    raise ValueError(f"it has a value of type {kind}")


def _after_list(whole: mmap.mmap, at: int, depth: int) -> int:
    """Return where what follows a list begins."""
    count, inner, at = list_at(whole, at)
    kind = _BYTE if inner in _BOOLEANS else inner
    for _ in range(count):
        at = after(whole, at, kind, depth + 1)
    return at


def _after_struct(whole: mmap.mmap, at: int, depth: int) -> int:
    """Return where what follows a structure begins."""
    number = 0
    while whole[at]:
        kind, number, at = field_at(whole, at, number)
        at = after(whole, at, kind, depth + 1)
    return at + 1


def field_at(whole: mmap.mmap, at: int, number: int) -> tuple[int, int, int]:
    """Return the type and number of a field that follows that of `number`, and where it begins."""
    head = whole[at]
    if head >> 4:
        return head & 15, number + (head >> 4), at + 1
    number, at = number_at(whole, at + 1)
    return head & 15, (number >> 1) ^ -(number & 1), at


def list_at(whole: mmap.mmap, at: int) -> tuple[int, int, int]:
    """Return how many values a list has, their type, and where they begin."""
    head = whole[at]
    count, at = number_at(whole, at + 1) if head >> 4 == 15 else (head >> 4, at + 1)
    return count, head & 15, at


def number_at(whole: mmap.mmap, at: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, the lowest first, and where what follows begins."""
    value = 0
    for shift in range(0, 70, 7):
        value |= (whole[at] & 127) << shift
        at += 1
        if whole[at - 1] < 128:
            return value, at
    raise ValueError("it has a number of more than 64 bits")
