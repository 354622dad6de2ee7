"""The table of digits that any source becomes."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from stages import ingest
from stages.common.artifacts import digits
from tests.common.shared import REPOSITORY, message_of
from tests.sources.made import (
    assert_same,
    cells_of,
    csv_bytes,
    idx_files,
    put_csv,
    put_files,
    put_parquet,
    random_digits,
)
from tests.stages.made import put_params

DIGITS = random_digits(7, seed=1)

pytestmark = pytest.mark.usefixtures("project")


def put_source(name: str) -> Path:
    """Write the same digits in the form that a name stands for."""
    path = Path(name)
    if path.suffix == ".parquet":
        return put_parquet(path, DIGITS)
    if path.suffix in (".csv", ".gz"):
        return put_csv(path, DIGITS)
    halves = [type(DIGITS)(DIGITS.label[part], DIGITS.pixels[part]) for part in PARTS]
    return put_files(path, idx_files(*halves), packed=name == "packed")


PARTS = (slice(4), slice(4, None))
FORMS = ["a.csv", "a.csv.gz", "my file.csv", "a.parquet", "mnist", "packed"]


def ingested(source: str) -> bytes:
    """Run the stage on a source and return the file that it wrote."""
    put_params(ingest__source=source)
    ingest.main()
    return digits.DIGITS.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_rows_are_numbered_in_the_order_of_the_source(form: str) -> None:
    put_source(form)
    ingested(form)
    made = digits.read(digits.DIGITS)
    assert made.row.tolist() == list(range(7))
    assert np.array_equal(made.label, DIGITS.label)
    assert np.array_equal(made.pixels, DIGITS.pixels)


def test_every_form_of_the_same_digits_gives_the_same_bytes() -> None:
    for form in FORMS:
        put_source(form)
    assert len({ingested(form) for form in FORMS}) == 1


@pytest.mark.parametrize(("form", "name"), [("a.csv", "a.txt"), ("a.parquet", "a.csv")])
def test_a_file_is_what_its_bytes_say(form: str, name: str) -> None:
    put_source(form).rename(name)
    assert_same(ingest.read_source(Path(name)), DIGITS)


def test_gzip_is_known_by_its_bytes() -> None:
    Path("packed.csv").write_bytes(gzip.compress(csv_bytes(cells_of(DIGITS))))
    assert_same(ingest.read_source(Path("packed.csv")), DIGITS)


@pytest.mark.parametrize("name", ["a.parquet", "a.csv.gz"])
def test_a_name_that_promises_another_form_is_refused(name: str) -> None:
    put_source("a.csv").rename(name)
    message = message_of(lambda: ingest.read_source(Path(name)))
    assert name in message
    assert "starts with b'la" in message


def test_a_link_to_a_source() -> None:
    Path("link").symlink_to(put_source("a.csv"))
    assert_same(ingest.read_source(Path("link")), DIGITS)


@pytest.mark.parametrize("form", ["a.csv", "mnist"])
def test_an_absolute_path(form: str) -> None:
    assert_same(ingest.read_source(put_source(form).absolute()), DIGITS)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("none.csv", "does not exist"),
        ("no/folder/at/all", "does not exist"),
        ("params.yaml/a.csv", "Not a directory"),
        ("a\0b", "null byte"),
        ("n" * 300, "name too long"),
    ],
)
def test_a_source_that_cannot_be_opened(source: str, words: str) -> None:
    message = message_of(lambda: ingest.read_source(Path(source)))
    assert f"ingest.source {source[0]}" in message
    assert words in message


def test_a_source_that_is_refused_writes_nothing() -> None:
    Path("a.csv").write_text("label\n1\n")
    put_params(ingest__source="a.csv")
    assert "a.csv" in message_of(ingest.main)
    assert not digits.DIGITS.exists()


def test_the_default_source_comes_with_the_repository() -> None:
    source = ingest.read_source(REPOSITORY / "data/raw/mnist-5k.csv.gz")
    assert source.pixels.shape == (5000, 784)
