"""The sub-command `digits predict`: read digits in pictures and tables with the trained network."""

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.common.artifacts import models, trained
from stages.common.artifacts.trained import TRAINED, Trained
from stages.common.errors import DigitsError, one_line, unusable
from stages.common.files import replacing
from stages.network import exact
from stages.network.activations import ACTIVATIONS
from stages.network.parameters import cast
from stages.prepare.preparing import Digit, NoInkError, Prepared, prepare
from stages.sources import unlabelled
from stages.sources.kinds import START, kind_of
from stages.sources.unpacked import head, on_disk, unpacked
from stages.tools.predict import answers, outputs
from stages.tools.predict.answers import Answer
from stages.tools.predict.guessing import probabilities, think
from stages.tools.predict.opening import picture_in

Bytes = npt.NDArray[np.uint8]

# Below it all other digits together are as probable: most such answers are wrong, as counted
# in docs/predict.md.
SURE = 0.5
_TABLES = ("parquet", "npy", "zip", "tar", "idx")
_DRAWN_IN_TEXT = re.compile(rb"P[123]\s|#define |/\* XPM \*/")  # PBM, PGM, PPM; XBM; XPM
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc")


class Read(NamedTuple):
    """What was read of all files: answers, and what is wrong with the others: name and fault."""

    answers: list[Answer]
    faults: list[tuple[str, str]]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.description = (
        "Read the digits in photos, scans and drawings (PNG, JPEG, WebP, BMP, TIFF, GIF …),\n"
        "and in tables of images (CSV as Kaggle's test.csv, Parquet, IDX, NPY and NPZ). Of each\n"
        "file a line says the digit, its probability and the runner-up; of a picture with several\n"
        "digits in a row all of them, from left to right."
    )
    parser.epilog = (
        f"{_networks()}\nExit code 1: a file could not be read, or there is no digit in it."
    )
    add = parser.add_argument
    add("files", nargs="*", type=Path, metavar="FILE", help="a picture or a table of images")
    add("--single", action="store_true", help="there is one digit in each picture")
    add("--sure", type=_share, default=SURE, metavar="P",
        help=f"below this probability, say that it is not sure (default: {SURE})")  # fmt: skip
    add("--label", type=_digits, metavar="DIGITS", help="count how many are read as this")
    add("--csv", type=Path, metavar="FILE", help="write each digit and all probabilities as CSV")
    add("--kaggle", type=Path, metavar="FILE", help="write ImageId,Label, as Kaggle takes them")
    add("--json", action="store_true", help="print JSON instead of lines")
    add("--explain", type=Path, metavar="FILE.png",
        help="draw what is done with the one picture, and what goes on in the network")  # fmt: skip
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--weights", type=Path, default=TRAINED, metavar="FILE",
        help=f"use this trained network (default: {TRAINED})")  # fmt: skip
    which.add_argument("--network", metavar="NAME", help="use one of those below")


def _networks() -> str:
    """Say which networks come with the project, and what each reads."""
    try:
        known = models.listed()
    except DigitsError as error:
        return str(error)
    if not known:
        return f"No network comes with this project: {models.TABLE} lists none."
    width = max(map(len, known))
    lines = [
        f"  {name:{width}}  {100 * model.accuracy:.2f} % of the images that tested it, layers "
        f"{'-'.join(map(str, model.layers))}"
        for name, model in known.items()
    ]
    return "\n".join([f"Networks in {models.FOLDER}, and what each reads right:", *lines])


def _share(word: str) -> float:
    """Return a probability; raises argparse's error for anything else."""
    try:
        value = float(word)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{word!r} is not a probability from 0 to 1")
    return value


def _digits(word: str) -> str:
    """Return some digits; raises argparse's error for anything else."""
    if not (word.isascii() and word.isdecimal()):
        raise argparse.ArgumentTypeError(f"{word!r} is not a digit, or several")
    return word


def run(arguments: argparse.Namespace) -> int:
    """Read all files, say what they hold, and return 0, or 1 where one could not be read."""
    if not arguments.files:
        raise DigitsError("no file is named; expected pictures or tables of images")
    if arguments.explain:
        outputs.check_explain(arguments.explain, arguments.files)
    named = arguments.network is not None
    weights = models.path_of(arguments.network) if named else arguments.weights
    outputs.check(
        [out for out in (arguments.csv, arguments.kaggle, arguments.explain) if out is not None],
        [*arguments.files, weights],
    )
    network = _network(weights)
    found = Read([], [])
    for path in arguments.files:
        _read_into(found, path, network, arguments)
    _write(found, arguments)
    if arguments.json:
        print(answers.as_json(found.answers, found.faults, arguments.sure))
    if arguments.label is not None:
        counts = (found.answers, len(found.faults), arguments.label, arguments.sure)
        print(answers.tally(*counts), file=sys.stderr if arguments.json else sys.stdout)
    return 1 if found.faults else 0


def _network(path: Path) -> Trained:
    """Return the trained network in a file; raises DigitsError for one that nothing computes."""
    network = trained.read(path)
    layers, activation = cast(network.layers, np.float64), ACTIVATIONS[network.activation]
    with np.errstate(over="ignore"):  # of a pixel scale that is far too small
        if not exact.holds(layers, network.pixel_scale, activation):
            raise unusable(
                path, trained.maker_of(path), "its weights are too large: training diverged"
            )
    return network


def _read_into(found: Read, path: Path, network: Trained, arguments: argparse.Namespace) -> None:
    """Add to `found` what a file holds, and say it."""
    try:
        answer, prepared = _read(path, network, arguments.single)
    except (DigitsError, NoInkError) as error:
        fault = one_line(error).removeprefix(f"{path}: ")
        found.faults.append((str(path), fault))
        print(f"digits predict: {one_line(ValueError(path))}: {fault}", file=sys.stderr)
        return
    if arguments.explain:
        _explain(arguments.explain, path, prepared, network)
    found.answers.append(answer)
    if arguments.json:
        return
    if answer.table and (arguments.csv or arguments.kaggle):
        print(f"{one_line(ValueError(path))}: {len(answer.P)} images read")
        return
    for line in answers.lines(answer, arguments.sure):
        print(line)


def _read(path: Path, network: Trained, single: bool) -> tuple[Answer, Prepared | None]:
    """Return what a file holds, and of a picture how it was prepared.

    Raises DigitsError or NoInkError.
    """
    if _is_table(path):
        return Answer(str(path), _of_table(path, network), table=True), None
    picture = picture_in(path)
    if picture is None:
        raise DigitsError("it is neither a picture that is read nor a table of images")
    prepared = prepare(picture, single)
    return Answer(str(path), probabilities(network, _images(prepared)), table=False), prepared


def _images(prepared: Prepared) -> Bytes:
    """Return the images (n, 784) of the digits in a picture."""
    return np.stack([digit.image.ravel() for digit in prepared.digits])


def _of_table(path: Path, network: Trained) -> npt.NDArray[np.float64]:
    """Return the probabilities of each digit (n, 10) for the images in a table."""
    return np.concatenate([probabilities(network, images) for images in unlabelled.read(path)])


def _is_table(path: Path) -> bool:
    """Tell a table of images from a picture, by its first bytes; raises DigitsError for neither."""
    try:
        if path.is_dir():
            raise DigitsError("it is a folder; expected its files, each by its name")
        if not path.is_file():
            missing = "it does not exist" if not path.exists() else "it is no file"
            raise DigitsError(f"{missing}; expected a picture or a table of images")
        start = head(unpacked(on_disk(path)), START)
    except OSError as error:
        raise DigitsError(f"cannot read it: {error.strerror or error}") from error
    if not start:
        raise DigitsError("it is empty; expected a picture or a table of images")
    if start[4:12] in _HEIC:
        raise DigitsError("it is a HEIC picture, which is not read; save it as JPEG or PNG")
    if _DRAWN_IN_TEXT.match(start):
        return False
    return kind_of(start) in _TABLES or (kind_of(start) == "text" and _is_text(start))


def _is_text(start: bytes) -> bool:
    """Tell whether a file begins as a CSV file does: with text that separates cells."""
    printable = all(byte >= 32 or byte in b"\t\r\n" for byte in start)
    return printable and any(start.count(mark) > 20 for mark in (b",", b";", b"\t", b"|", b" "))


def _write(found: Read, arguments: argparse.Namespace) -> None:
    """Write the files that are asked for."""
    if arguments.csv:
        _write_lines(arguments.csv, answers.as_csv(found.answers, arguments.sure))
    if arguments.kaggle:
        _write_lines(arguments.kaggle, answers.as_kaggle(found.answers))


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a text file, a line after the other."""
    with replacing(path) as file:
        # A name may be of bytes that are no text; they are written as they are.
        file.writelines(line.encode(errors="surrogateescape") for line in lines)


def _explain(path: Path, read: Path, prepared: Prepared | None, network: Trained) -> None:
    """Draw what was done with the picture in `read`, and what goes on in the network, to a PNG.

    Raises DigitsError where there is no picture in it, or none can be written.
    """
    if prepared is None:
        raise DigitsError(f"--explain draws a picture, but {read} is a table of images")
    # Matplotlib takes half a second to import.
    from stages.figures.explained import Shown, draw
    from stages.figures.style import plain, to_png

    thought = think(network, _images(prepared))
    picture = [
        ("the picture", prepared.picture),
        (f"ink, {'darker' if prepared.darker else 'lighter'} than paper", _grey(prepared.strength)),
        ("what counts as ink", _grey(prepared.mask)),
    ]
    digits = [
        Shown(_steps_of(digit), [A[:, place] for A in thought.hidden], thought.P[place])
        for place, digit in enumerate(prepared.digits)
    ]
    with plain(), replacing(path) as file:
        file.write(to_png(draw(picture, digits)))


def _steps_of(digit: Digit) -> list[tuple[str, Bytes]]:
    """Return the pictures of a digit on its way to 28 x 28 pixels."""
    return [
        ("alone", _grey(digit.ink)),
        ("its strokes", _grey(digit.mask)),
        ("as in MNIST", 255 - digit.image),
    ]


def _grey(x: npt.NDArray[np.generic]) -> Bytes:
    """Return 0 to 1 as white to black."""
    return (255.5 - 255 * np.clip(x.astype(np.float64), 0, 1)).astype(np.uint8)
