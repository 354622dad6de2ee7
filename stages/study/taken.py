"""Some rows of a table of digits that is in memory, for trainings that need no file."""

from stages.common.artifacts.digits import Digits
from stages.common.reordering import Positions


def take(source: Digits, positions: Positions) -> Digits:
    """Return the digits at `positions`, in that order."""
    return Digits(source.row[positions], source.label[positions], source.pixels[positions])
