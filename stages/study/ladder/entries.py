"""One entry of the study: a setting, all its values known, from one seed; and its fingerprint."""

import ast
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from stages import encode, initialize
from stages.common import checksums
from stages.common.artifacts.checkpoint import fingerprint
from stages.common.errors import DigitsError
from stages.common.identity import code_of_training, library
from stages.network.arithmetic import ARITHMETICS
from stages.study.ladder import pupil
from stages.study.ladder.plan import PARAMS_FILE, TEACHER, Setting, Values, resolved
from stages.study.ladder.pools import Counts

_CODE = (encode, initialize, pupil)  # beside the code of training


class Entry(NamedTuple):
    """What is trained once.

    key: a fingerprint of data, rows, values and seed; of code it says nothing, so that a record
    can be told to be of this entry. teacher: the entry whose network teaches, if one does.
    """

    name: str
    values: Values
    rows: str
    seed: int
    key: str
    teacher: "Entry | None"


class Maker:
    """Makes entries of settings, for the digits and counts of rows of one study."""

    def __init__(
        self, counts: Counts, settings: Sequence[Setting], chosen: Mapping[str, Values]
    ) -> None:
        """Keep what all entries share; the settings are those that may teach."""
        self._shared = (checksums.MNIST.read_bytes(), repr(counts))
        self._settings = {setting.name: setting for setting in settings}
        self._chosen = chosen

    def entry(self, name: str, values: Values, rows: str, seed: int) -> Entry:
        """Return the entry of some values; raises DigitsError where one is not chosen yet."""
        known = resolved(values, self._chosen)
        teacher = self._teacher(known[TEACHER], rows) if TEACHER in known else None
        told = {key: value for key, value in known.items() if key != TEACHER}
        text = json.dumps(told, sort_keys=True)
        taught = teacher.key if teacher else ""
        key = fingerprint([*self._shared, rows, text, str(seed), taught])
        return Entry(name, told, rows, seed, key, teacher)

    def _teacher(self, name: str, rows: str) -> Entry:
        """Return the entry of a teacher; raises DigitsError unless its rows are the student's."""
        setting = self._settings.get(name)
        if setting is None or setting.rows != rows:
            raise DigitsError(f"{PARAMS_FILE} has no setting {name} on the rows '{rows}' to teach")
        return self.of(setting, 0)

    def of(self, setting: Setting, seed: int) -> Entry:
        """Return the entry of a setting from a seed."""
        return self.entry(setting.name, setting.values, setting.rows, seed)


def in_order(settings: Sequence[Setting], maker: Maker) -> list[Entry]:
    """Return all entries of some settings: those that teach first, then seed 0 of each, and so on.

    So a study that is not finished has something to say of everything.
    """
    taught = {str(setting.values.get(TEACHER)) for setting in settings}
    first = [maker.of(setting, 0) for setting in settings if setting.name in taught]
    most = max(setting.seeds for setting in settings)
    found = {entry.key: entry for entry in first}
    for seed in range(most):
        for setting in settings:
            if seed < setting.seeds:
                entry = maker.of(setting, seed)
                found.setdefault(entry.key, entry)
    return list(found.values())


def key_of_code(precision: str) -> str:
    """Return a fingerprint of the code that trains, and of what it depends on.

    Of the code as Python reads it: a comment that is reworded trains nothing again.
    """
    files = [*code_of_training(), *(Path(str(module.__file__)) for module in _CODE)]
    parsed = [ast.dump(_without_docstrings(file.read_text(encoding="utf-8"))) for file in files]
    return fingerprint(["" if ARITHMETICS[precision].everywhere else library(), *parsed])


def _without_docstrings(text: str) -> ast.Module:
    """Return a module's code without its docstrings."""
    module = ast.parse(text)
    for node in ast.walk(module):
        body: Any = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_text(body[0]):
            body[0] = ast.Pass()
    return module


def _is_text(node: ast.AST) -> bool:
    """Tell whether a statement is a text alone."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
