"""What the searches chose: reports/ladder/chosen.json, the values by search and params key."""

import json
from typing import Any

from stages.common.errors import DigitsError, refuse_conflict
from stages.study.ladder.plan import FOLDER, Values

PATH = FOLDER / "chosen.json"


def read() -> dict[str, Values]:
    """Return what was chosen; raises DigitsError where it cannot be read."""
    try:
        text = PATH.read_text(encoding="utf-8")
        refuse_conflict(text, PATH)
        found: dict[str, dict[str, Any]] = json.loads(text)
    except (OSError, ValueError) as error:
        advice = "git checkout brings it back, and `python -m stages.study.ladder.search` makes it"
        raise DigitsError(f"cannot use {PATH}: {error}. {advice}") from error
    return found
