"""Parts that a source is divided into: which one a name speaks of, and their order."""

import re

_WORDS = re.compile(
    r"(?<![a-z])[xy]?(?:(train(?:ing)?|tr)|(valid(?:ation)?|val|dev)|(test(?:ing)?|t(?=[15]0k)|eval))"
    r"([15]0k|60k)?(?![a-z])",
    re.IGNORECASE,
)


def split_of(name: str) -> str:
    """Return which part of a source a name speaks of: train, validation, test, or "" for none."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    found = list(_WORDS.finditer(apart))
    if not found:
        return ""
    groups = found[-1].groups()[:3]
    return ("train", "validation", "test")[next(at for at, text in enumerate(groups) if text)]


def without_split(name: str) -> str:
    """Return a name without the words that say which part of a source it is."""
    return _WORDS.sub("", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name))


def in_order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """Return what sorts names: train, then validation, then test; numbers in them by value."""
    rank = ("train", "", "validation", "test").index(split_of(name))
    pieces = re.split(r"([0-9]+)", name)
    return rank, [(int(text) if at % 2 else 0, text) for at, text in enumerate(pieces)]
