"""The lines that show how the exported network is used."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from stages.common.artifacts import encoded, exported
from stages.export import metadata
from stages.onnx_graph.model import file_of, model_of
from tests import processes
from tests.common.artifacts.made import KINDS
from tests.docs.pages import read
from tests.stages.made import put_encoded

LINES = 5


def code(heading: str) -> str:
    """Return the block of code under a heading of the page."""
    _, _, after = read("docs/export.md").partition(f"\n## {heading}\n")
    lines = re.findall(r"^    (.*)$", after.partition("\n## ")[0], re.MULTILINE)
    return "\n".join(lines) + "\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, the current one, with a network, its export and what it tests."""
    monkeypatch.chdir(tmp_path)
    network = KINDS["trained"]
    network.write()
    put_encoded(train=3, test=12)
    told = metadata({}, {"test.accuracy": 0.5})
    exported.write(exported.NETWORK, file_of(model_of(network.artifact, told)))
    return tmp_path


def run(lines: str) -> dict[str, Any]:
    """Run lines of the page, and return what they set."""
    found: dict[str, Any] = {}
    exec(compile(lines, "docs/export.md", "exec"), found)  # noqa: S102
    return found


@pytest.mark.usefixtures("project")
def test_the_lines_of_python_run(capsys: pytest.CaptureFixture[str]) -> None:
    lines = code("From Python")
    assert lines.count("\n") == LINES
    found = run(lines)
    assert found["label"].shape == (12,)
    assert found["probabilities"].shape == (12, 10)
    assert capsys.readouterr().out.startswith("[")


@pytest.mark.usefixtures("project")
def test_the_metadata_is_shown_by_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    run(code("What goes in and comes out"))
    shown = capsys.readouterr().out
    for key in ("params", "test.accuracy", f"sha256 of {encoded.TRAIN}", "licence"):
        assert f"'{key}': " in shown


def test_the_lines_of_javascript_parse(tmp_path: Path) -> None:
    lines = code("From JavaScript")
    assert lines.count("\n") == LINES
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node to parse them")
    (tmp_path / "lines.mjs").write_text(lines)
    done = processes.run([node, "--check", "lines.mjs"], cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
