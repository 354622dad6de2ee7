"""What modules import, read from their source."""

import ast
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

from tests.scratch import ROOT

MODULES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "stages").rglob("*.py"))


def imported_names(module: str) -> set[str]:
    """Return the dotted names that the import statements of a file may mean."""
    nodes = ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8")))
    package = Path(module).parent.parts
    return {name for node in nodes for name in _names(node, package)}


def _names(node: ast.AST, package: tuple[str, ...]) -> Iterator[str]:
    """Yield the names of one import statement; what `from` takes may itself be a module."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        above = package[: len(package) + 1 - node.level] if node.level else ()
        base = ".".join([*above, *filter(None, [node.module])])
        yield from (base, *(f"{base}.{alias.name}" for alias in node.names))


def files_of(name: str) -> Iterator[str]:
    """Yield the project's files that importing a dotted name runs, its packages' included."""
    for path in accumulate(name.split("."), "{}/{}".format):
        yield from (file for file in (f"{path}.py", f"{path}/__init__.py") if file in MODULES)


@cache
def imported_files(module: str) -> set[str]:
    """Return the project's files that the import statements of a file name."""
    return {file for name in imported_names(module) for file in files_of(name)}


@cache
def closure(name: str) -> frozenset[str]:
    """Return the project's files that importing a module runs, directly or not."""
    reached: set[str] = set()
    waiting = set(files_of(name))
    while waiting:
        module = waiting.pop()
        reached.add(module)
        waiting |= imported_files(module) - reached
    return frozenset(reached)
