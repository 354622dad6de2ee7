"""The notebook: what it prints and draws is what its cells give, wherever it is opened."""

import ast
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from stages.tools import exercises
from stages.tools.exercises.feedback import BLANK
from tests.docs.notebook import NOTEBOOK, cleaned, executed, read, text
from tests.docs.pages import ROOT
from tests.docs.test_pages import broken_links, missing_paths, unknown_names, wrong_commands
from tests.pipeline.imports import closure, imported_names

PAGE = "docs/notebook.ipynb"
COMES_ALONG = {"PIL", "IPython"}  # with Matplotlib, and where there is a notebook
OF_A_CLUSTER = {"botocore", "distributed", "fsspec"}  # it does not train on one
# An answer to each exercise, in its cell's names.
ANSWERS = {
    "counts": "my_counts = np.bincount(digits.label)",
    "parts": "my_parts = choose(n, 3000, 0, 1000, np.arange(n))",
    "one_hot": "my_one_hot = one_hot",
    "parameter_count": "my_parameter_count = 785 * 30 + 31 * 10",
    "softmax": "my_softmax = lambda Z: network.softmax(Z).P",
    "ignorance": "my_cost = np.log(10)",
    "hidden_error": "my_hidden_error = lambda W, delta, A: (W.T @ delta) * A * (1 - A)",
    "step": "my_step = lambda W, dW, alpha, m: W - alpha * dW / m",
    "epoch_below": "my_epoch = np.flatnonzero(history['cost'] < 1)[0] + 1",
    "frequent_mistake": "my_mistake = divmod((M - np.diag(M.diagonal())).argmax(), 10)",
    "flat_share": "my_share = np.mean(slopes[1.0] == 0)",
}
CELLS = {cell.id: cell for cell in read().cells}
SETUP = CELLS["setup"].source


@pytest.fixture(scope="module")
def run() -> NotebookNode:
    """The notebook executed, and after it each exercise again, with an answer."""
    notebook = read()
    for name, answer in ANSWERS.items():
        check = CELLS[f"answer-{name.replace('_', '-')}"].source.splitlines()[-1]
        notebook.cells.append(new_code_cell(f"{answer}\n{check}", id=f"solved-{name}"))
    return executed(notebook, ROOT / "docs")


def test_the_outputs_are_what_the_cells_give(run: NotebookNode) -> None:
    made = {cell.id: cell for cell in run.cells if not cell.id.startswith("solved")}
    assert [name for name in made if made[name] != CELLS[name]] == [], "make notebook"
    assert made.keys() == CELLS.keys()


def test_an_answer_to_each_exercise_is_right_where_it_stands(run: NotebookNode) -> None:
    said = {name: cell.outputs for cell in run.cells if (name := cell.id).startswith("solved")}
    assert len(said) == len(ANSWERS)
    assert [name for name in said if not said[name][0].text.startswith("Right: ")] == []


def test_the_notebook_is_written_as_it_is_made() -> None:
    assert text(cleaned(read())) == NOTEBOOK.read_text(encoding="utf-8"), "make notebook"
    nbformat.validate(read())


def test_no_trace_of_a_run_is_kept() -> None:
    ran = read()
    ran.metadata["widgets"] = {"state": 1}
    for cell in ran.cells:
        cell.metadata["execution"] = {"iopub.execute_input": "2026-01-01"}
        if cell.cell_type == "code":
            cell.execution_count = 7
            cell.outputs = [
                piece
                for output in cell.outputs
                for piece in (
                    [{**output, "text": half} for half in (output.text[:3], output.text[3:])]
                    if output.output_type == "stream"
                    else [{**output, "execution_count": 7}]
                )
            ]
    assert text(cleaned(nbformat.from_dict(ran))) == text(read())


def test_each_section_ends_with_one_exercise() -> None:
    headings = [line for cell in CELLS.values() for line in re.findall(r"^##.*", cell.source, re.M)]
    sections = [re.sub(r"\d+\..*|:.*", "", line) for line in headings[:-1]]
    assert sections == ["## ", "### Exercise"] * len(ANSWERS)


def test_each_exercise_is_asked_once_and_left_blank() -> None:
    asked = {name: cell for name, cell in CELLS.items() if name.startswith("answer-")}
    found = [re.findall(r"exercises\.(\w+)\(", cell.source) for cell in asked.values()]
    assert found == [[name] for name in ANSWERS]
    assert sorted(ANSWERS) == exercises.__all__
    assert {cell.outputs[0].text for cell in asked.values()} == {f"{BLANK}\n"}
    assert all("..." in cell.source for cell in asked.values())


@pytest.mark.parametrize("name", [name for name in CELLS if CELLS[name].cell_type == "markdown"])
def test_what_a_text_names_is_there(name: str) -> None:
    words = CELLS[name].source
    assert broken_links(PAGE, words) == []
    assert wrong_commands(words) == []
    assert unknown_names(words) == []
    assert missing_paths(words) == []


def test_the_functions_of_each_text_are_in_the_cell_below_it() -> None:
    cells = list(CELLS.values())
    for words, code in pairwise(cells):
        if words.cell_type == "markdown" and not code.id.startswith(("setup", "answer")):
            named = set(re.findall(r"`([a-z_]+)`", words.source))
            assert not [name for name in named if name not in code.source], words.id


def set_up(folder: Path, patch: pytest.MonkeyPatch, address: str) -> list[list[str]]:
    """Run the first cell in a folder; return the commands that it would run."""
    wanted: list[list[str]] = []

    def run(words: list[str], check: bool) -> None:
        assert check
        wanted.append([str(word) for word in words])
        if words[0] == "git":
            Path(words[-1]).mkdir()

    patch.chdir(folder)
    patch.setattr(sys, "path", [*sys.path])
    patch.setattr(subprocess, "run", run)
    cell = re.sub(r'ADDRESS = ".*"', f'ADDRESS = "{address}"', SETUP)  # a publisher's may be there
    exec(cell, {})  # noqa: S102 - the cell itself
    assert sys.path[0] == os.getcwd()  # noqa: PTH109 - as text
    return wanted


@pytest.mark.parametrize("folder", [ROOT, ROOT / "docs"])
def test_within_the_project_the_first_cell_only_finds_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set_up(folder, monkeypatch, "") == []
    assert Path.cwd() == ROOT


def test_alone_it_gets_the_project_and_what_that_needs_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone, install = set_up(tmp_path, monkeypatch, "https://example.com/digits")
    assert clone[:2] == ["git", "clone"]
    assert clone[-2:] == ["https://example.com/digits", str(tmp_path / "digits")]
    assert Path.cwd() == tmp_path / "digits"
    assert install[:4] == [sys.executable, "-m", "pip", "install"]
    assert set_up(tmp_path, monkeypatch, "") == [install]  # a kernel that began again


def test_alone_without_an_address_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileNotFoundError, match="set ADDRESS"):
        set_up(tmp_path, monkeypatch, "")


def test_what_it_installs_is_what_the_notebook_imports() -> None:
    body = ast.parse(CELLS["imports"].source).body
    ours = [node for node in body if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{alias.name}" for node in ours for alias in node.names}
    files = frozenset[str]().union(*map(closure, names))
    imported = set().union(*map(imported_names, files)) | names
    needed = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names - {"stages"}
    (listed,) = re.findall(r'NEEDED = "(.*)"', SETUP)
    installed = {name.partition(".")[0] for name in listed.split()}
    assert installed == needed - COMES_ALONG - OF_A_CLUSTER
