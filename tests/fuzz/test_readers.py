"""Readers meet spoiled files: each gives a value or a DigitsError, and nothing else, ever.

The number of cases comes from DIGITS_FUZZ_CASES: 60 in `make test`, 10,000 of each in `make
fuzz`. Every test also holds which share of its cases was near enough to valid: `deep` ones got
past the reader's first check, `valid` ones were read.
"""

import io
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from stages.common import params
from stages.common.artifacts import encoded, history, weights
from stages.common.errors import DigitsError, one_line
from stages.ingest import read_source
from stages.sources.columns import Labelled
from tests.fuzz.mutations import (
    csv_file,
    edited,
    history_file,
    idx_folder,
    npz_file,
    params_content,
    parquet_file,
)

ROOT = Path(__file__).resolve().parents[2]
CASES = int(os.environ.get("DIGITS_FUZZ_CASES", "60"))


class Case:
    """A drawn case: hypothesis would show all of its bytes; it is in the test's folder anyway."""

    def __init__(self, held: Any) -> None:
        self.held = held

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        printer.text("what the test's folder holds")


def fuzz(
    strategy: st.SearchStrategy[Any], read: Callable[[Any], str], first: tuple[str, ...]
) -> Counter[str]:
    """Feed CASES files to `read`; return how many were valid, deep or shallow.

    A refusal whose message holds one of the texts `first` is that of the first check.
    """
    counts: Counter[str] = Counter()

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        derandomize=CASES <= 1000,  # `make test` must not fail by chance
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy.map(Case))
    def each(case: Case) -> None:
        try:
            counts[read(case.held)] += 1
        except DigitsError as error:
            message = one_line(error)
            assert message
            counts["shallow" if any(text in message for text in first) else "deep"] += 1

    each()
    return counts


def assert_shares(counts: Counter[str], deep: float, valid: float) -> None:
    """Assert which shares of the cases got past the first check, and were read."""
    cases = counts.total()
    print(f"{cases} cases: {dict(counts)}")
    assert cases >= 0.9 * CASES
    assert (counts["deep"] + counts["valid"]) / cases >= deep, counts
    assert counts["valid"] / cases >= valid, counts


def assert_digits(digits: Labelled) -> str:
    """Assert that what was read is digits."""
    assert digits.label.dtype == digits.pixels.dtype == np.uint8
    assert digits.pixels.shape == (len(digits.label), 784)
    assert len(digits.label) > 0
    assert digits.label.max() <= 9
    return "valid"


def test_csv(tmp_path: Path) -> None:
    def read(content: bytes) -> str:
        path = tmp_path / "digits.csv"
        path.write_bytes(content)
        return assert_digits(read_source(path))

    header = (": line 1", "is empty", "cannot read", "CR alone", "archive")
    assert_shares(fuzz(csv_file(), read, header), deep=0.5, valid=0.1)


def test_idx(tmp_path: Path) -> None:
    def read(files: dict[str, bytes]) -> str:
        shutil.rmtree(tmp_path / "mnist", ignore_errors=True)
        (tmp_path / "mnist").mkdir()
        for name, content in files.items():
            (tmp_path / "mnist" / name).write_bytes(content)
        return assert_digits(read_source(tmp_path / "mnist"))

    first = ("magic number", "cannot read", "has no file")
    assert_shares(fuzz(idx_folder(), read, first), deep=0.5, valid=0.1)


def test_parquet(tmp_path: Path) -> None:
    def read(content: bytes) -> str:
        path = tmp_path / "digits.parquet"
        path.write_bytes(content)
        return assert_digits(read_source(path))

    assert_shares(fuzz(parquet_file(), read, ("cannot read",)), deep=0.3, valid=0.1)


def test_parquet_artifact(tmp_path: Path) -> None:
    path = tmp_path / "history.parquet"

    def read(content: bytes) -> str:
        path.write_bytes(content)
        course = history.read(path)
        assert np.isfinite([course.cost, course.accuracy]).all()
        return "valid"

    first = ("Parquet", "Thrift", "footer", "format version")
    assert_shares(fuzz(history_file(), read, first), deep=0.3, valid=0.1)


_rng = np.random.default_rng(3)
NPZ: dict[str, dict[str, Any]] = {
    "data/weights/trained.npz": {
        "format_version": np.int64(1),
        "W1": _rng.normal(size=(2, 784)),
        "b1": _rng.normal(size=2),
        "W2": _rng.normal(size=(10, 2)),
        "b2": _rng.normal(size=10),
    },
    "data/encoded/test.npz": {
        "format_version": np.int64(1),
        "X": _rng.integers(0, 256, (2, 784), dtype=np.uint8),
        "Y": np.eye(10, dtype=np.uint8)[:2],
        "row": np.arange(2, dtype=np.int32),
        "pixel_scale": np.array(255.0),
    },
}


@pytest.mark.parametrize("name", NPZ)
def test_npz(name: str, tmp_path: Path) -> None:
    path = tmp_path / Path(name).name

    def read(content: bytes) -> str:
        path.write_bytes(content)
        if "weights" in name:
            for W, b in weights.read(path):
                assert np.isfinite(W).all()
                assert np.isfinite(b).all()
        else:
            assert (encoded.read(path).Y.sum(axis=1) == 1).all()
        return "valid"

    first = ("zip", "magic", "Bad CRC", "pickle", "truncated")
    assert_shares(fuzz(npz_file(NPZ[name]), read, first), deep=0.3, valid=0.1)


def test_params(tmp_path: Path) -> None:
    text = (ROOT / "params.yaml").read_bytes()
    base = YAML(typ="safe").load(text)
    path = tmp_path / "params.yaml"

    def dumped(content: dict[str, Any]) -> bytes:
        buffer = io.BytesIO()
        YAML(typ="safe").dump(content, buffer)
        return buffer.getvalue()

    def read(content: bytes) -> str:
        path.write_bytes(content)
        found = params.check(params.read(path))
        assert set(found) == set(base)
        assert found["train"]["epochs"] >= 1
        return "valid"

    cases = st.one_of(params_content(base).map(dumped), edited(text, most=2))
    assert_shares(fuzz(cases, read, ("cannot read",)), deep=0.5, valid=0.1)
