"""The other forms of a source, spoiled: each gives digits or a DigitsError, and nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from stages.ingest import read_source
from tests.fuzz.feeding import CASES, assert_digits, assert_shares, fuzz
from tests.fuzz.forms import archive, arrays_file, image_table, other_csv

FEW = CASES if CASES > 1000 else max(1, CASES // 2)

FORMS: dict[str, tuple[Callable[[], st.SearchStrategy[Any]], tuple[str, ...]]] = {
    "other.csv": (other_csv, (": line 1",)),
    "images.parquet": (image_table, ("cannot read",)),
    "arrays.npz": (arrays_file, ("cannot read",)),
    "archive": (archive, ("cannot read",)),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_spoiled_form(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    strategy, first = FORMS[name]

    def read(content: bytes) -> str:
        path.write_bytes(content)
        return assert_digits(read_source(path))

    assert_shares(fuzz(strategy(), read, first, FEW), deep=0.3, valid=0.05, wanted=FEW)
