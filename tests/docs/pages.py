"""What the project's pages hold: links, anchors, code, and tables."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from stages.common import params

ROOT = Path(__file__).parents[2]
PIPELINE = params.read(ROOT / "dvc.yaml")
STAGES = tuple(PIPELINE["stages"])
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "data/*.md", "reports/*/*.md")
    for path in ROOT.glob(pattern)
)
_PARSER = MarkdownIt().enable("table")


class Code(NamedTuple):
    """A piece of code: a whole block, or one span in a line of text."""

    text: str
    block: bool


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def outs() -> set[tuple[str, str]]:
    """Return each path that the pipeline writes, with its stage."""
    # An out is a path, or a mapping from the path to its options.
    return {
        (out if isinstance(out, str) else next(iter(out)), stage)
        for stage, entry in PIPELINE["stages"].items()
        for out in entry["outs"]
    }


def tokens(text: str) -> Iterator[Token]:
    """Yield what a text is made of, the parts of its lines among it."""
    for token in _PARSER.parse(text):
        yield token
        yield from token.children or ()


def targets(text: str) -> list[str]:
    """Return where a text's links lead and its pictures are, without those on the web."""
    found = [str(token.attrs.get("href") or token.attrs.get("src") or "") for token in tokens(text)]
    return [target for target in found if target and not re.match(r"https?://", target)]


def anchors(text: str) -> set[str]:
    """Return the names of a text's headings, made as GitHub and GitLab do."""
    found: set[str] = set()
    parsed = _PARSER.parse(text)
    for opening, inline in pairwise(parsed):
        if opening.type == "heading_open":
            words = "".join(token.content for token in inline.children or ())
            name = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            count = 0
            while (unique := f"{name}-{count}" if count else name) in found:
                count += 1
            found.add(unique)
    return found


def code(text: str) -> list[Code]:
    """Return every piece of code in a text, but no drawing."""
    blocks, spans = ("fence", "code_block"), ("code_inline",)
    return [
        Code(token.content, token.type in blocks)
        for token in tokens(text)
        if token.type in blocks + spans and token.info != "mermaid"
    ]


def tables(text: str) -> list[list[tuple[str, ...]]]:
    """Return the tables of a text: each a list of rows, a row the text of its cells."""
    found: list[list[list[str]]] = []
    for token in _PARSER.parse(text):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and found and token.level >= 4:
            found[-1][-1].append(token.content)
    return [[tuple(row) for row in table] for table in found]


def table(page: str, *head: str) -> list[tuple[str, ...]]:
    """Return the rows, without the first, of the one table of a page that begins with `head`."""
    (found,) = [rows for rows in tables(read(page)) if rows[0] == head]
    return found[1:]
