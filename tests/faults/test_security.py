"""Hostile params and names do no harm, and the code has none of the usual doors."""

import ast
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.faults.sources import good_lines, joined
from tests.faults.stages import STAGES, run_here, write_params
from tests.scratch import ROOT

MODULES = sorted((ROOT / "stages").rglob("*.py"))
FORBIDDEN_IMPORTS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load"}


def calls(module: Path) -> list[ast.Call]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def is_true(node: ast.expr) -> bool:
    return not (isinstance(node, ast.Constant) and node.value is False)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_comes_from_data(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names |= {str(node.module).partition(".")[0] for node in nodes}
    assert names & FORBIDDEN_IMPORTS == set()
    for call in calls(module):
        assert ast.unparse(call.func) not in FORBIDDEN_CALLS
        for keyword in call.keywords:
            if keyword.arg in ("shell", "allow_pickle"):
                assert not is_true(keyword.value), ast.unparse(call)


def test_no_command_is_built_from_params() -> None:
    stages = YAML(typ="safe").load(ROOT / "dvc.yaml")["stages"]
    assert {name: stages[name]["cmd"] for name in stages} == {
        name: f"python -m stages.{name}" for name in STAGES
    }


HOSTILE: list[Any] = [
    "../../outside",
    "/etc/passwd",
    "~/x",
    "$(touch PWNED)",
    "`touch PWNED`",
    "; touch PWNED",
    "| touch PWNED",
    "-rf",
    "--debug",
    "%s%s%n",
    "{0.__class__}",
    "${PATH}",
    "\0",
    "\x1b[2J\x1b]0;owned\x07",
    "a\nTraceback (most recent call last):",
    "\u202etxt.exe",
    "x" * 100_000,
    10**400,
    -(10**400),
    {"a": "b"},
    [[[[]]]],
    "../../../" * 50 + "tmp/PWNED",
]
KEYS = [
    f"{section}__{key}"
    for section, keys in YAML(typ="safe").load(ROOT / "params.yaml").items()
    for key in keys
]


def around(folder: Path) -> dict[str, int]:
    """Return every path beside a project, and when its content changed."""
    return {
        str(path): path.stat().st_mtime_ns
        for path in folder.parent.rglob("*")
        if folder not in (path, *path.parents)
    }


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_value_is_refused_in_one_line(
    key: str,
    number: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "above" / "project"
    folder.mkdir(parents=True)
    (folder.parent / "outside").write_text("as it was")
    monkeypatch.chdir(folder)
    write_params(folder, **{key: HOSTILE[number]})
    before = around(folder)
    code, lines = run_here("ingest", capsys)
    assert code == 1
    assert len(lines) == 1
    assert lines[0].isprintable()
    assert len(lines[0]) < 600
    assert around(folder) == before
    assert [path.name for path in folder.iterdir()] == ["params.yaml"]


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{other}'] * 9)}]\n"
    for other, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE_FILES = {
    "a Python object": '!!python/object/apply:os.system ["touch PWNED"]',
    "a Python object in a key": 'train:\n  epochs: !!python/object/apply:os.system ["touch PWNED"]',
    "a tag": "!thing {}",
    "many laughs": LAUGHS,
    "laughs in a key": LAUGHS + "train: {epochs: *i}\ninitialize: {layers: *i, seed: *i}\n",
    "a loop": "&a [*a]",
    "a loop in a section": "train: &a\n  epochs: *a\n",
    "a deep list": "[" * 5_000,
    "a deep closed list": "[" * 4_000 + "]" * 4_000,
    "deep mappings": "".join(" " * depth + "a:\n" for depth in range(3000)),
    "two documents": "a: 1\n---\nb: 2\n",
    "a key twice": "train: {}\ntrain: {}\n",
    "a mapping as key": "? {a: b}\n: c\n",
    "a list as key": "? [a, b]\n: c\n",
    "a date": "2001-01-01",
    "a tab": "\ttrain: 1",
    "NUL": "a\0b",
    "a surrogate": '"\\ud800": "\\ud800"',
    "a directive": "%YAML 9.9\n---\na: 1\n",
    "binary": "a: !!binary x",
    "an unknown anchor": "*a",
    "a huge number": "1" * 5000,
    "huge digits in a key": f"train: {{epochs: {'1' * 5000}}}",
    "an empty file": "",
    "only a comment": "# nothing",
    "a merge": "<<: 5",
    "a set": "!!set {a, b}",
    "sexagesimal": "a: 99999999:59:59",
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_hostile_params_file(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(HOSTILE_FILES[name], encoding="utf-8")
    code, lines = run_here("initialize", capsys)
    assert code == 1
    assert len(lines) == 1
    assert "params.yaml" in lines[0]
    assert len(lines[0]) < 600
    assert [path.name for path in Path().iterdir()] == ["params.yaml"]


@pytest.mark.parametrize("params", [None, b"\xff\xfe\x00", b"\x80abc"])
def test_params_that_are_no_text(
    params: bytes | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    if params is None:
        Path("params.yaml").mkdir()
    else:
        Path("params.yaml").write_bytes(params)
    code, lines = run_here("initialize", capsys)
    assert (code, len(lines)) == (1, 1)


def test_a_source_outside_is_read_and_nothing_there_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "digits.csv").write_bytes(joined(good_lines(10)))
    monkeypatch.chdir(folder)
    write_params(folder, ingest__source="../digits.csv")
    before = around(folder)
    assert run_here("ingest", capsys) == (0, [])
    assert around(folder) == before
