"""Read the rows that test, and those that validate, with every network of the ladder.

In: the networks in .cache/ladder/, the official MNIST files, reports/ladder/trainings.parquet.
Out: reports/ladder/predictions.parquet, on which tables, figures and pages depend, and nothing
that trains or chooses.

What a network reads that is recorded there already is not asked again: the networks themselves
are not kept in Git.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from stages.common.artifacts.digits import Digits
from stages.common.command import run_stage
from stages.common.errors import DigitsError
from stages.evaluate import judge
from stages.study import official
from stages.study.ladder import chosen, ladder_params, ledger, plan, readings, unseen
from stages.study.ladder.entries import Entry, Maker
from stages.study.ladder.pools import Counts, rows_of
from stages.study.ladder.pupil import Outcome, activation_of, encoded
from stages.study.ladder.readings import ABSENT, Images, column_of, test_part
from stages.study.ladder.shelf import FOLDER, Shelf

Labels = npt.NDArray[np.uint8]

# The rows of each part, by the name of the rows that trained those who are asked.
PARTS = {"validation": "rungs", "test": "rungs", "official test": "official"}


def images_of(part: str, whole: Digits, counts: Counts) -> Images:
    """Return the images of a part, by digit and then by row: so predictions take little room."""
    rows = PARTS[part]
    held = (
        rows_of(rows, whole, counts).validation
        if part == "validation"
        else unseen.digits_of(rows, whole, counts)
    )
    order = np.lexsort((held.row, held.label))
    return Images(part, held.row[order], held.label[order], order)


def read_by(entry: Entry, outcome: Outcome, whole: Digits, counts: Counts) -> dict[str, Labels]:
    """Return what a network reads on the rows of each part that is for it, in their own order."""
    digits = unseen.digits_of(entry.rows, whole, counts)
    tested = judge(
        outcome.parameters, activation_of(entry.values), encoded(entry.values, digits)
    ).predicted
    found = {test_part(entry.rows): tested}
    return found | ({"validation": outcome.predicted} if entry.rows == "rungs" else {})


def asked(
    entries: Sequence[Entry], shelf: Shelf, whole: Digits, counts: Counts, images: Sequence[Images]
) -> dict[str, Labels]:
    """Return a column of the table for each entry: its readings, or those that are recorded."""
    recorded = readings.read_columns()
    columns = {}
    for entry in tqdm(entries, desc="score", unit="network", disable=None):
        name, outcome = column_of(entry), shelf.load(entry)
        if outcome:
            found = read_by(entry, outcome, whole, counts)
            none = [np.full(len(part.row), ABSENT, np.uint8) for part in images]
            columns[name] = np.concatenate(
                [
                    found[part.name][part.order] if part.name in found else blank
                    for part, blank in zip(images, none, strict=True)
                ]
            )
        elif name in recorded:
            columns[name] = recorded[name]
        else:
            raise DigitsError(
                f"the network of {entry.name} from seed {entry.seed} is not there, nor what it "
                f"reads: `make ladder` trains it again, once {ledger.TRAININGS} is deleted"
            )
    return columns


def main() -> None:
    """Ask every network."""
    content = ladder_params.load()
    settings, counts = plan.settings(content), Counts(**content["rows"])
    maker = Maker(counts, settings, chosen.read())
    whole = official.read(Path(content["ingest"]["source"]))
    entries = [maker.of(one, seed) for one in settings for seed in range(one.seeds)]
    images = [images_of(part, whole, counts) for part in PARTS]
    with threadpool_limits(1, "blas"):  # more pay for nothing on so little work
        columns = asked(entries, Shelf(FOLDER), whole, counts, images)
    readings.write(images, columns)


if __name__ == "__main__":
    run_stage(main, __doc__)
