"""The pictures of a report, as PNG."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stages.common.artifacts import digits
from stages.common.artifacts.committed import Predicted
from stages.common.errors import DigitsError
from stages.figures import confusion, cost_curves, flips
from stages.figures.style import plain, to_png
from stages.network.scores import confusion_matrix
from stages.tools.compare.comparison import Comparison
from stages.tools.compare.results import Results
from stages.tools.compare.statistics import Flips
from stages.tools.project_files import WORKING_COPY, Folder

Pixels = npt.NDArray[np.uint8]

FLIPPED = "flipped"
NAMES = ("confusion_before", "confusion_after", "cost", FLIPPED)


def draw(compared: Comparison) -> tuple[dict[str, bytes], str]:
    """Return the pictures by name, and why the sheet of flipped images is not among them, or ""."""
    before, after = compared.before, compared.after
    sides = (compared.context.baseline, compared.context.current)
    told = [side.sha[:7] if side.is_commit else side.chosen for side in sides]
    names = (f"before, {told[0]}", f"after, {told[1]}")
    with plain():
        drawn = {
            "confusion_before": _confusion(before.predicted, names[0]),
            "confusion_after": _confusion(after.predicted, names[1]),
            "cost": to_png(cost_curves.draw(before.course, after.course, names)),
        }
    spoiled, mended = compared.spoiled, compared.mended
    if spoiled is None or mended is None:
        return drawn, f"No image can be followed from one to the other: {compared.difference}."
    if not len(spoiled.row) and not len(mended.row):
        return drawn, "No image flipped."
    try:
        drawn[FLIPPED] = _sheet(spoiled, mended, after)
    except DigitsError as error:
        return drawn, f"They cannot be shown, for their pixels are not here: {error}."
    return drawn, ""


def _confusion(predicted: Predicted, name: str) -> bytes:
    """Return the confusion matrix of one side."""
    counts = confusion_matrix(predicted.actual, predicted.predicted, 10)
    return to_png(confusion.draw(counts, f"Confusion matrix {name}"))


def _sheet(spoiled: Flips, mended: Flips, side: Results) -> bytes:
    """Return the sheet of flipped images, which are of the source that a side reads."""
    rows = [flipped.row[: flips.ROOM] for flipped in (spoiled, mended)]
    images = np.split(find_images(np.concatenate(rows), side), [len(rows[0])])
    halves = [
        flips.Half(pixels, flipped.actual, flipped.before, flipped.after, len(flipped.row))
        for pixels, flipped in zip(images, (spoiled, mended), strict=True)
    ]
    with plain():
        return to_png(flips.draw(*halves))


def find_images(rows: npt.NDArray[np.int64], side: Results) -> Pixels:
    """Return the pixels of rows of the source that a side reads: (n, 784).

    As the source has them, for the two networks may have seen them at other sides: from
    data/split/test.parquet of the working copy, or from the source. Raises DigitsError where
    neither can be read, or the source here is another.
    """
    if side.name == WORKING_COPY and digits.TEST.exists():
        with digits.opened(digits.TEST) as test:
            if np.isin(rows, test.row).all():
                return _taken(rows, ((piece.row, piece.pixels) for piece in test.pieces()))
    # Here, for it brings in the readers of all forms of input.
    from stages.sources.rows import images_of

    source = Path(str(side.params["ingest.source"]))
    if source.exists() and Folder(Path(), WORKING_COPY).digest(str(source)) != side.source:
        raise DigitsError(f"{source} of {side.name} is not the one that is here")
    return images_of(source, side.params.get("ingest.highest"), rows)


def _taken(
    rows: npt.NDArray[np.int64], pieces: Iterable[tuple[npt.NDArray[np.int32], Pixels]]
) -> Pixels:
    """Return the pixels of some rows, all of which are in pieces of rows and pixels."""
    found: dict[int, Pixels] = {}
    for row, pixels in pieces:
        found |= {int(row[at]): pixels[at] for at in np.flatnonzero(np.isin(row, rows))}
    return np.stack([found[row] for row in rows.tolist()])
