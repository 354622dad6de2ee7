"""The names of the methods that a key of params.yaml may have: the keys of a table in the code.

They are read from the source text, not imported: whoever asks depends on no method.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

STAGES = Path(__file__).resolve().parents[1]


def names_of(methods: str) -> list[str]:
    """Return the names of some methods, "network/updates.py:UPDATES" say, from its source text."""
    module, _, name = methods.partition(":")
    (literal,) = literals(STAGES / module, name)
    keys = literal.keys if isinstance(literal, ast.Dict) else []
    return [str(key.value) for key in keys if isinstance(key, ast.Constant)]


def literals(module: Path, name: str) -> Iterator[ast.expr]:
    """Yield what a module assigns to a name, from its source text."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if ast.unparse(target) == name:
                yield node.value
