"""The pages: what they link to is there, and what they tell to type can be typed."""

import re
from functools import cache
from pathlib import Path

import pytest

from stages.common import params
from tests.docs.commands import commands, fault, keys
from tests.docs.pages import PAGES, ROOT, anchors, code, outs, read, targets

SCORES = {"train.accuracy", "train.cost"}  # as DVC names what is in metrics.json
SUFFIXES = {"csv", "gz", "json", "npz", "parquet", "py"}  # of a file whose name begins as a section
UNTRACKED = {"data/raw/mnist/", "data/raw/mnist"}  # what `digits fetch` makes
PATH = r"(?:\.ci|\.github|data|docs|reports|stages|tests)/[\w.*/-]+"
VARIABLE = r"\bDIGITS_[A-Z_]+\b"
every_page = pytest.mark.parametrize("page", PAGES)


def broken_links(page: str, text: str) -> list[str]:
    """Return the targets of a page's links and pictures that are not there."""
    return [target for target in targets(text) if not _leads_somewhere(page, text, target)]


def _leads_somewhere(page: str, text: str, target: str) -> bool:
    """Tell whether a relative link leads to a file, and to a heading of it if it names one."""
    path, _, anchor = target.partition("#")
    if not path:
        return anchor in anchors(text)
    file = ROOT / Path(page).parent / path
    if not file.exists() or not file.resolve().is_relative_to(ROOT):
        return False
    return not anchor or anchor in anchors(file.read_text(encoding="utf-8"))


def wrong_commands(text: str) -> list[str]:
    """Return the commands of a text that cannot be typed in, each with the reason."""
    found = [words for piece in code(text) for words in commands(piece)]
    return [f"{' '.join(words)}: {why}" for words in found if (why := fault(words))]


def unknown_names(text: str) -> list[str]:
    """Return the params keys and environment variables of a text that do not exist."""
    spans = "\n".join(piece.text for piece in code(text))
    sections = "|".join(params.declared())
    named = set(re.findall(rf"(?<![\w/.])(?:{sections})\.[a-z_]+\b(?![/.])", spans))
    wrong = {name for name in named - keys() - SCORES if name.partition(".")[2] not in SUFFIXES}
    return sorted(wrong | {name for name in re.findall(VARIABLE, spans) if name not in readers()})


def missing_paths(text: str) -> list[str]:
    """Return the paths into the project that a text names and that nothing is or writes."""
    named = {piece.text for piece in code(text) if re.fullmatch(PATH, piece.text)}
    there = {path for path in named if list(ROOT.glob(path.rstrip("/").replace("NAME", "*")))}
    return sorted(named - there - {path for path, _ in outs()} - UNTRACKED)


def missing_functions(page: str, text: str) -> list[str]:
    """Return the functions and classes that a page says are in a file, and are not."""
    found = re.findall(r"`(\w+)` in \[`[^`]+`\]\(([^)]+\.py)\)", text)
    files = {target: (ROOT / Path(page).parent / target).read_text() for _, target in found}
    return [
        name
        for name, target in found
        if not re.search(rf"^(?:def|class) {name}\b", files[target], re.MULTILINE)
    ]


@cache
def readers() -> str:
    """Return the text of all that may read an environment variable."""
    files = [ROOT / "Makefile", *ROOT.glob("stages/**/*.py"), *ROOT.glob("tests/*/*.py")]
    ours = Path(__file__).parent
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.parent != ours)


@every_page
def test_every_link_and_picture_is_there(page: str) -> None:
    assert broken_links(page, read(page)) == []


@every_page
def test_every_command_can_be_typed_in(page: str) -> None:
    assert wrong_commands(read(page)) == []


@every_page
def test_every_name_exists(page: str) -> None:
    assert unknown_names(read(page)) == []


@every_page
def test_every_path_and_function_exists(page: str) -> None:
    assert missing_paths(read(page)) == []
    assert missing_functions(page, read(page)) == []


@every_page
def test_a_page_holds_no_html_but_comments(page: str) -> None:
    # So that no link or picture is hidden from these tests.
    lines = re.findall(r"^ {0,3}<(?!!--).*", read(page), re.MULTILINE)
    assert lines == []


@pytest.mark.parametrize(
    "text",
    [
        "[a page](docs/nowhere.md)",
        "[a heading](#nowhere)",
        "[a heading](docs/pipeline.md#nowhere)",
        "![a picture](reports/figures/nowhere.png)",
        "[outside](../../etc/passwd)",
        "[by reference][there]\n\n[there]: nowhere.md",
    ],
)
def test_a_link_to_nowhere_is_found(text: str) -> None:
    assert len(broken_links("README.md", text)) == 1


def test_headings_are_named_as_their_hosts_do() -> None:
    text = "# A `b` and [c](d.md), e?\n\n## Same\n\n## Same\n\nUnder\n-----\n\n    # code\n"
    assert anchors(text) == {"a-b-and-c-e", "same", "same-1", "under"}


@pytest.mark.parametrize(
    "command",
    [
        "digits comapre",
        "digits compare --bseline HEAD~1",
        "digits log -n many",
        "make rerpo",
        "make bench NOWHERE=1",
        "python -m stages.trian",
        "python -m stages.train --quick",
        "python -m pytest tests/nowhere",
        "python data/raw/nowhere.py",
        "dvc rerpo",
        "dvc repro trian",
        "dvc exp run -S train.learningrate=0.4",
        "dvc exp show --only-chnaged",
        "DIGITS_DEBUG=1 dvc rerpo",
        "cd there && make rerpo",
        "make repro && .venv/bin/digits comapre",
    ],
)
def test_a_command_that_cannot_be_typed_in_is_found(command: str) -> None:
    whole = command.startswith("cd")
    for text in (f"    {command}  # a note", f"Type `{command}`.", f"```\n$ {command}\n```"):
        assert whole or len(wrong_commands(text)) == 1, text


def test_a_command_over_two_lines_is_one() -> None:
    text = "    dvc exp run -S train.epochs=3 \\\n        -S train.nowhere=4\n"
    assert len(wrong_commands(text)) == 1


def test_what_a_command_prints_is_no_command() -> None:
    text = "    $ make repro\n    It's done: digits\n    | a | \"b\n"
    assert wrong_commands(text) == []


@pytest.mark.parametrize("name", ["train.learningrate", "split.rows", "DIGITS_NOWHERE"])
def test_a_name_that_does_not_exist_is_found(name: str) -> None:
    assert unknown_names(f"Set `{name}` or `train.epochs`.") == [name]


def test_a_path_that_does_not_exist_is_found() -> None:
    text = "`stages/nowhere.py`, `stages/train.py`, `stages/*.py` and `data/digits.parquet`"
    assert missing_paths(text) == ["stages/nowhere.py"]


def test_a_function_that_does_not_exist_is_found() -> None:
    text = "`main` and `nowhere` in [`train.py`](stages/train.py), `main` in [`x`](stages/train.py)"
    assert missing_functions("README.md", text) == ["nowhere"]
