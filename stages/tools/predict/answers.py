"""What was read in a file, and how it is told: in lines, as CSV, as JSON and as Kaggle takes it."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stages.common.errors import one_line

Floats = npt.NDArray[np.float64]

UNSURE = "not sure"
_COLUMNS = ("place", "digit", "probability", "runner_up", "runner_up_probability", "sure")
_CSV_HEADER = ("file", *_COLUMNS, *(f"p{digit}" for digit in range(10)))


@dataclass(frozen=True)
class Answer:
    """What was read in one file: in a picture its digits, in a table one of each row.

    P: (n, 10) probabilities. table: whether it is a table.
    """

    file: str
    P: Floats
    table: bool

    @property
    def digits(self) -> npt.NDArray[np.intp]:
        """Return the most probable digits (n,)."""
        best: npt.NDArray[np.intp] = self.P.argmax(axis=1)
        return best

    @property
    def best(self) -> Floats:
        """Return their probabilities (n,)."""
        highest: Floats = self.P.max(axis=1)
        return highest


def lines(answer: Answer, least: float) -> Iterator[str]:
    """Yield what is printed of a file: a line, of a table one of each row.

    least: the probability below which an answer is not sure.
    """
    name = one_line(ValueError(answer.file))
    if answer.table:
        for row, P in enumerate(answer.P, start=1):
            yield f"{name}, row {row}: {_told(P, least)}"
    elif len(answer.P) == 1:
        yield f"{name}: {_told(answer.P[0], least)}"
    else:
        text = "".join(str(digit) if sure else "?" for digit, sure in _sureness(answer, least))
        yield f"{name}: {text}: " + "; ".join(_told(P, least) for P in answer.P)


def _told(P: Floats, least: float) -> str:
    """Say what one image is, how probable that is, and what comes next."""
    first, second = _best_two(P)
    next_best = f"then {second}, {_percent(P[second])}"
    if P[first] < least:
        why = f"below {100 * least:g} %"
        return f"{UNSURE}, {first} has {_percent(P[first])}, {why} ({next_best})"
    return f"{first}, {_percent(P[first])} ({next_best})"


def _best_two(P: Floats) -> tuple[int, int]:
    """Return the two most probable digits, of equal ones the first, as `Answer.digits` has them."""
    first, second = np.argsort(-P, kind="stable")[:2].tolist()
    return first, second


def _percent(share: float) -> str:
    """Return a share in percent, never rounded to all."""
    return f"{min(100 * share, 99.9):.1f} %"


def _sureness(answer: Answer, least: float) -> Iterator[tuple[int, bool]]:
    """Yield each digit, and whether it is sure."""
    return zip(answer.digits.tolist(), (answer.best >= least).tolist(), strict=True)


def text_of(answer: Answer) -> str:
    """Return the digits in a picture as they stand there."""
    return "".join(map(str, answer.digits.tolist()))


def tally(answers: Sequence[Answer], unread: int, label: str, least: float) -> str:
    """Count how many files, or rows of a table, are read as `label`."""
    right = wrong = unsure = 0
    for answer in answers:
        parts = [Answer(answer.file, P[np.newaxis], False) for P in answer.P]
        for one in parts if answer.table else [answer]:
            if one.best.min() < least:
                unsure += 1
            elif text_of(one) == label:
                right += 1
            else:
                wrong += 1
    count = right + wrong + unsure + unread
    return f"{label}: {right} right, {wrong} wrong, {unsure} {UNSURE}, {unread} unread, of {count}"


def as_csv(answers: Sequence[Answer], least: float) -> Iterator[str]:
    """Yield all answers as lines of CSV, one a digit; places count from 1."""
    yield _csv_line(_CSV_HEADER)
    for answer in answers:
        for place, P in enumerate(answer.P, start=1):
            yield _csv_line([answer.file, *_cells(place, P, least), *P.tolist()])


def _csv_line(cells: Iterable[object]) -> str:
    """Return a line of a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def as_json(answers: Sequence[Answer], faults: Sequence[tuple[str, str]], least: float) -> str:
    """Return all answers, and the files that could not be read, as JSON."""
    files = [
        {"file": answer.file, "read": text_of(answer), "digits": _records(answer, least)}
        for answer in answers
    ]
    unread = [{"file": file, "error": fault} for file, fault in faults]
    return json.dumps({"files": files, "unread": unread}, indent=1)


def _records(answer: Answer, least: float) -> list[dict[str, object]]:
    """Return what is known of each digit, by the names of its columns."""
    return [
        {
            **dict(zip(_COLUMNS, _cells(place, P, least), strict=True)),
            "sure": bool(P.max() >= least),
            "p": P.tolist(),
        }
        for place, P in enumerate(answer.P, start=1)
    ]


def _cells(place: int, P: Floats, least: float) -> list[float]:
    """Return what the columns hold of the digit in a place, but for all its probabilities."""
    first, second = _best_two(P)
    return [place, first, float(P[first]), second, float(P[second]), int(P[first] >= least)]


def as_kaggle(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield all digits as the lines that Kaggle takes: ImageId, from 1, and Label."""
    yield "ImageId,Label\n"
    digits = (digit for answer in answers for digit in answer.digits)
    yield from (f"{number},{digit}\n" for number, digit in enumerate(digits, start=1))
