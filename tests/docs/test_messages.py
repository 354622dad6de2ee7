"""The messages that a page explains are those that the code says."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.docs.pages import ROOT, read, tables

PAGE = "docs/troubleshooting.md"
HEADS = ("the line says", "`evaluate: warning:`")
OTHERS = {  # words of the system, of Python, DVC, xz, zstd and pooch
    "No such file or directory",
    "No space left on device",
    "end-of-stream marker",
    "Not a gzipped file",
    "Memory usage limit exceeded",
    "Frame requires too much memory for decoding",
    "does not match the known hash",
}


def unsaid(text: str) -> list[str]:
    """Return the messages in the tables of a page whose longest run of words no code says."""
    found = [
        (message, max(re.split(r"[^A-Za-z ,;-]+", message), key=len).strip())
        for rows in tables(text)
        if rows[0][0] in HEADS
        for row in rows[1:]
        for message in re.findall(r"`([^`]+)`", row[0])
    ]
    return [message for message, words in found if words not in OTHERS and not _said(words)]


def _said(words: str) -> bool:
    """Tell whether a text in the code has these words, one after the other."""
    return any(words in text for text in _texts())


@cache
def _texts() -> list[str]:
    """Return every text in stages/, without what is put into it."""
    modules = [path.read_text(encoding="utf-8") for path in ROOT.glob("stages/**/*.py")]
    return [text for module in modules for text in _texts_of(ast.parse(module))]


def _texts_of(tree: ast.AST) -> Iterator[str]:
    """Yield the texts of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
            yield "…".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_message_is_one_of_the_code() -> None:
    assert unsaid(read(PAGE)) == []


def test_a_message_that_is_worded_otherwise_is_found() -> None:
    text = "| the line says | |\n|---|---|\n| `line 7 has 784 fields; expected 785` | |\n"
    assert unsaid(text) == ["line 7 has 784 fields; expected 785"]
    assert unsaid(text.replace("fields", "cells")) == []
