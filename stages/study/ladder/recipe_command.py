"""The one command that trains a network of the ladder in the pipeline."""

import json
from collections.abc import Sequence
from typing import Any

from stages.common.errors import DigitsError
from stages.network.recipe import POST
from stages.study.ladder.entries import Entry
from stages.study.ladder.plan import OFFICIAL
from stages.study.ladder.pools import Counts

# What the pipeline does where a key is not set; the keys that always are set have none.
DEFAULTS: dict[str, Any] = {
    "encode.side": 28,
    "initialize.layers": [784, 16, 16, 10],
    "initialize.first_weights": "uniform",
    **{f"train.{key}": value for key, value in POST.items()},
}
_WIDTH = 116


def overrides(entry: Entry, source: str, counts: Counts) -> dict[str, Any]:
    """Return the params that make the pipeline train an entry and test it, by key.

    Raises DigitsError for an entry with a teacher: that is a network to train before.
    """
    if entry.teacher:
        raise DigitsError(f"{entry.name} has a teacher, so that one command does not train it")
    rows = {"ingest.source": source, **_rows(entry.rows, counts)}
    other = {
        key: value
        for key, value in entry.values.items()
        if key not in DEFAULTS or DEFAULTS[key] != value
    }
    seeds = {"initialize.seed": entry.seed, "train.seed": entry.seed} if entry.seed else {}
    return rows | other | seeds


def _rows(name: str, counts: Counts) -> dict[str, Any]:
    """Return the params that make the pipeline take the rows of a name."""
    if name in OFFICIAL:
        return {"split.shuffle": False, "split.train_rows": counts.official_rows}
    held_out = counts.validation_rows if name == "rungs" else 0
    return {
        "split.train_rows": counts.train_rows - held_out,
        **({"split.validation_rows": held_out} if held_out else {}),
        "split.test_rows": counts.test_rows,
    }


def command(entry: Entry, source: str, counts: Counts) -> str:
    """Return the command, over several lines."""
    lines = ["dvc exp run"]
    for key, value in overrides(entry, source, counts).items():
        word = f"-S {key}={_plain(value)}"
        if len(lines[-1]) + len(word) > _WIDTH:
            lines.append("   ")
        lines[-1] += f" {word}"
    return " \\\n".join(lines)


def of_all(entries: Sequence[Entry], source: str, counts: Counts) -> str:
    """Return the commands of all entries without a teacher, each below its name, as a script."""
    parts = [
        f"# {entry.name}\n{command(entry, source, counts)}\n"
        for entry in entries
        if not entry.teacher
    ]
    return "\n".join(parts)


def _plain(value: Any) -> str:
    """Return a value as a shell and DVC understand it."""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return f"'{text}'" if text.startswith("[") else text
