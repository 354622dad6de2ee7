"""Some rows of a source, which may have more than memory should hold."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.errors import DigitsError
from stages.sources import source
from stages.sources.columns import Bytes, Part
from stages.sources.scale import factor, stretched
from stages.sources.seen import Seen, both, seen


def images_of(path: Path, highest: float | None, rows: npt.NDArray[np.integer]) -> Bytes:
    """Return the images (k, 784) of some rows (k,) of a source; `highest` as in ingest.highest.

    Raises DigitsError as the readers of sources, and for a row that is not there.
    """
    found, shown = dict[int, Part](), Seen()
    for part in source.parts(path, highest):
        here = rows[(rows >= shown.rows) & (rows < shown.rows + len(part.label))].tolist()
        found |= {row: _one(part, row - shown.rows) for row in here}
        shown = both(shown, seen(part))
    missing = [row for row in rows.tolist() if row not in found]
    if missing:
        raise DigitsError(f"{path} has {shown.rows} rows, and none for row {missing[0]}")
    times, _ = factor(str(path), shown, highest)
    return np.concatenate([stretched(found[row], times) for row in rows.tolist()])


def _one(part: Part, at: int) -> Part:
    """Return one row of a part."""
    return replace(part, label=part.label[at : at + 1], pixels=part.pixels[at : at + 1].copy())
