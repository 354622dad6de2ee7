"""Plain text for people: tables, numbers, and what others wrote."""

import json
from collections.abc import Sequence
from typing import Any

ABSENT = "(none)"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table: columns two spaces apart, the first to the left, the others to the right."""
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return one line of a table."""
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([f"{first[0]:<{first[1]}}", *(f"{cell:>{width}}" for cell, width in others)])


def value(content: Any) -> str:
    """Return a params value as params.yaml would have it."""
    return json.dumps(content, ensure_ascii=False, default=str)


def clean(text: str) -> str:
    """Return text without control characters: a commit's message must not steer a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def difference(before: float | None, after: float | None) -> str:
    """Return how far a number rose, with its sign; a dash where one of the two is not there."""
    if before is None or after is None:
        return "–"
    told = f"{after - before:+.4f}"
    return told if float(told) else told[1:]


def p_value(p: float) -> str:
    """Return a p-value in words for a sentence."""
    return "p < 0.0001" if p < 0.0001 else f"p = {p:.4f}"
