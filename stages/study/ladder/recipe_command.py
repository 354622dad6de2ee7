"""The one command that trains a network of the ladder in the pipeline."""

import json
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
_WIDTH = 112


def overrides(entry: Entry, source: str, counts: Counts) -> dict[str, Any]:
    """Return the params that make the pipeline train an entry and test it, by key.

    Raises DigitsError for an entry with a teacher: that is a network to train before.
    """
    if entry.teacher:
        raise DigitsError(f"{entry.name} has a teacher, so that one command does not train it")
    rows: dict[str, Any] = {"ingest.source": source}
    if entry.rows in OFFICIAL:
        rows |= {"split.shuffle": False, "split.train_rows": counts.official_rows}
    else:
        rows |= {"split.train_rows": counts.train_rows, "split.test_rows": counts.test_rows}
    other = {
        key: value
        for key, value in entry.values.items()
        if key not in DEFAULTS or DEFAULTS[key] != value
    }
    seeds = {"initialize.seed": entry.seed, "train.seed": entry.seed} if entry.seed else {}
    return rows | other | seeds


def command(entry: Entry, source: str, counts: Counts) -> str:
    """Return the command, over several lines."""
    words = ["dvc exp run"]
    words += [
        f"-S {key}={_plain(value)}" for key, value in overrides(entry, source, counts).items()
    ]
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + len(word) > _WIDTH:
            lines.append("   ")
        lines[-1] += f" {word}"
    return " \\\n".join(lines)


def _plain(value: Any) -> str:
    """Return a value as a shell and DVC understand it."""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return f"'{text}'" if text.startswith("[") else text
