"""The house itself: modules of a size that one reads at once, and processes that end."""

import ast

import pytest

from tests.scratch import ROOT

MOST_LINES = 300
MODULES = sorted((ROOT / "tests").rglob("*.py"))
# What starts a process: tests leave it to `processes`, which bounds and ends each.
STARTERS = {f"subprocess.{name}" for name in ("run", "Popen", "call", "check_call", "check_output")}
APART = ("tests/processes.py", "tests/benchmarks/", "tests/emulation/")  # no tests


def test_a_module_of_tests_is_read_at_once() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert [path.name for path in lines if lines[path] > MOST_LINES] == []


@pytest.mark.parametrize("name", [path.relative_to(ROOT).as_posix() for path in MODULES])
def test_processes_are_bounded_and_ended(name: str) -> None:
    nodes = ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8")))
    calls = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
    assert name.startswith(APART) or calls.isdisjoint(
        {f"subprocess.{starter}" for starter in STARTERS}
    )
