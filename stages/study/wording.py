"""How numbers of a study come into its texts."""

import string
from typing import Any

from stages.common.errors import DigitsError


class Words(string.Formatter):
    """Formats as Python does, and a share as per cent the way these texts write it."""

    def format_field(self, value: Any, spec: str) -> str:
        """Return a value; `.2%` has a space before its sign, `.2points` has none."""
        if spec.endswith("%"):
            return f"{100 * value:{spec[:-1]}f} %"
        if spec.endswith("points"):
            return f"{100 * value:{spec.removesuffix('points')}f}"
        return str(super().format_field(value, spec))


def state_of(run: dict[str, Any]) -> str:
    """Return words for the code that the study was run with."""
    if run["commit"] is None:
        return "outside of a Git repository"
    changed = "" if run["as_committed"] else ", with changes that were not yet committed"
    return f"at commit `{run['commit'][:12]}`{changed}"


def fill(text: str, found: dict[str, Any]) -> str:
    """Return a text with its numbers; raises DigitsError for one that there is none of."""
    try:
        return Words().vformat(text, (), found)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise DigitsError(f"a text of the study names no number of its results: {error}") from error
