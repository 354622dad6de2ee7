"""What `digits predict` is to write, checked before anything is read."""

from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path

from stages.common.errors import DigitsError


def check_explain(path: Path, files: Sequence[Path]) -> None:
    """Raise DigitsError unless one picture is to be explained, in a PNG file."""
    if path.suffix.lower() != ".png":
        raise DigitsError(f"cannot draw {path}: expected a name that ends in .png")
    if len(files) != 1:
        raise DigitsError(f"--explain draws one picture; {len(files)} files are given")


def check(written: Sequence[Path], read: Sequence[Path]) -> None:
    """Raise DigitsError where what is to be written is a folder, named twice, or read too."""
    for out in written:
        if out.is_dir():
            raise DigitsError(f"cannot write {out}: it is a folder; expected a file")
    for out, other in combinations(written, 2):
        if _same(out, other):
            raise DigitsError(f"{out} is to be written twice; expected two files")
    for out, source in product(written, read):
        if _same(out, source):
            raise DigitsError(f"{out} is read; expected another file to write to")


def _same(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file."""
    try:
        return one.samefile(other)
    except OSError:  # of a file that is not there yet, or is not to be read
        return one.absolute() == other.absolute()
