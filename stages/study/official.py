"""The official digits of MNIST, by their committed hashes: what studies train on."""

from pathlib import Path

import numpy as np

from stages.common import checksums
from stages.common.artifacts.digits import Digits
from stages.sources import idx_folder


def read(source: Path) -> Digits:
    """Return all digits in a folder: those of the train files, and after them those of t10k.

    Raises DigitsError unless the files are those whose hashes are committed.
    """
    hashes = checksums.read(checksums.MNIST)
    checksums.refuse_other_files(source, hashes, "`digits fetch` brings the study its digits")
    found = idx_folder.read(source)
    return Digits(np.arange(len(found.label), dtype=np.int32), found.label, found.pixels)
