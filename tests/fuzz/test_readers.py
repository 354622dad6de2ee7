"""Readers meet spoiled files: each gives a value or a DigitsError, and nothing else, ever.

The number of cases comes from DIGITS_FUZZ_CASES: 60 in `make test`, 10,000 of each in `make
fuzz`. Every test also holds which share of its cases was near enough to valid: `deep` ones got
past the reader's first check, `valid` ones were read.
"""

import io
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from ruamel.yaml import YAML

from stages.common import params
from stages.common.artifacts import encoded, history, trained
from stages.ingest import read_source
from tests.fuzz.feeding import ROOT, assert_digits, assert_shares, fuzz
from tests.fuzz.mutations import (
    csv_file,
    edited,
    history_file,
    idx_folder,
    npz_file,
    params_content,
    parquet_file,
)


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
        assert all(np.isfinite(values).all() for values in course.columns.values())
        return "valid"

    first = ("Parquet", "Thrift", "footer", "format version")
    assert_shares(fuzz(history_file(), read, first), deep=0.3, valid=0.1)


_rng = np.random.default_rng(3)
NPZ: dict[str, dict[str, Any]] = {
    "data/weights/trained.npz": {
        "format_version": np.int64(2),
        "pixel_scale": np.array(255.0),
        "side": np.array(28, np.int32),
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
            for W, b in trained.read(path).layers:
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
