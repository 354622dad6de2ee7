"""Which rows train and which test."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages import split
from stages.common.artifacts import digits
from stages.common.artifacts.digits import Digits
from tests.common.artifacts.made import assert_same
from tests.common.shared import message_of
from tests.stages.made import put_params, random_digits


@st.composite
def wishes(draw: st.DrawFn) -> tuple[int, int, int | None, int]:
    """Return rows, train_rows and test_rows that can be had, and a seed."""
    rows = draw(st.integers(2, 300))
    train_rows = draw(st.integers(1, rows - 1))
    test_rows = draw(st.none() | st.integers(1, rows - train_rows))
    return rows, train_rows, test_rows, draw(st.integers(0, 2**32 - 1))


@given(wish=wishes())
def test_no_row_is_in_both_parts_and_each_has_its_number(
    wish: tuple[int, int, int | None, int],
) -> None:
    rows, train_rows, test_rows, seed = wish
    order = np.random.default_rng(seed).permutation(rows)
    train, test = split.choose(rows, train_rows, test_rows, order)
    assert len(train) == train_rows
    assert len(test) == (rows - train_rows if test_rows is None else test_rows)
    assert len({*train.tolist(), *test.tolist()}) == len(train) + len(test)
    assert [*train, *test] == list(order[: len(train) + len(test)])


@given(n=st.integers(1, 8), seed=st.integers(0, 99), data=st.data())
def test_an_image_keeps_its_row_and_label(n: int, seed: int, data: st.DataObject) -> None:
    source = random_digits(n, seed)
    positions = data.draw(st.permutations(range(n)))
    taken = split.take(source, np.array(positions))
    for place, position in enumerate(positions):
        assert taken.row[place] == source.row[position]
        assert taken.label[place] == source.label[position]
        assert np.array_equal(taken.pixels[place], source.pixels[position])


@pytest.mark.parametrize(
    ("train_rows", "test_rows", "numbers"),
    [
        (11, None, ["train_rows is 11", "has 10 rows"]),
        (10**12, None, ["train_rows is 1000000000000", "has 10 rows"]),
        (8, 3, ["train_rows is 8", "test_rows is 3", "11 together", "has 10 rows"]),
        (1, 10, ["train_rows is 1", "test_rows is 10", "11 together", "has 10 rows"]),
        (10, 1, ["train_rows is 10", "test_rows is 1", "11 together", "has 10 rows"]),
        (10, None, ["train_rows is 10", "no row", "10 to test"]),
    ],
)
def test_what_cannot_be_had_is_told_in_numbers(
    train_rows: int, test_rows: int | None, numbers: list[str]
) -> None:
    message = message_of(lambda: split.choose(10, train_rows, test_rows, np.arange(10)))
    for number in numbers:
        assert number in message


SOURCE = random_digits(60, seed=5)


@pytest.fixture
def source(project: Path) -> Digits:
    digits.write(project / digits.DIGITS, SOURCE)
    return SOURCE


def parts(**changes: Any) -> tuple[Digits, Digits]:
    """Run the stage with these params and return what it wrote."""
    put_params(**{f"split__{name}": value for name, value in changes.items()})
    split.main()
    return digits.read(digits.TRAIN), digits.read(digits.TEST)


def test_every_row_trains_or_tests(source: Digits) -> None:
    train, test = parts(train_rows=40)
    assert (len(train.row), len(test.row)) == (40, 20)
    assert sorted([*train.row, *test.row]) == sorted(source.row)


@pytest.mark.usefixtures("source")
def test_test_rows_are_as_many_as_asked_for() -> None:
    train, test = parts(train_rows=40, test_rows=5)
    assert (len(train.row), len(test.row)) == (40, 5)
    assert not set(train.row) & set(test.row)


def test_without_shuffling_the_order_is_that_of_the_source(source: Digits) -> None:
    train, test = parts(train_rows=40, test_rows=5, shuffle=False)
    assert_same(train, Digits(source.row[:40], source.label[:40], source.pixels[:40]))
    assert_same(test, Digits(source.row[40:45], source.label[40:45], source.pixels[40:45]))


def test_shuffled_images_keep_their_rows_and_labels(source: Digits) -> None:
    place = {row: position for position, row in enumerate(source.row.tolist())}
    for part in parts(train_rows=40):
        positions = np.array([place[row] for row in part.row.tolist()])
        assert_same(part, split.take(source, positions))


def test_the_stream_is_what_it_has_always_been(source: Digits) -> None:
    # NumPy may change it with a new version: then every result changes, and this tells why.
    train, test = parts(train_rows=6, test_rows=4, seed=0)
    assert_same(train, split.take(source, np.array([16, 27, 20, 8, 42, 34])))
    assert_same(test, split.take(source, np.array([51, 4, 52, 57])))


@pytest.mark.usefixtures("source")
def test_the_seed_decides() -> None:
    first, again, other = (parts(train_rows=40, seed=seed) for seed in (7, 7, 8))
    for one, same, different in zip(first, again, other, strict=True):
        assert_same(one, same)
        assert one.row.tolist() != different.row.tolist()


@pytest.mark.usefixtures("source")
def test_the_seed_decides_nothing_without_shuffling() -> None:
    first, other = (parts(train_rows=40, shuffle=False, seed=seed) for seed in (7, 8))
    for one, same in zip(first, other, strict=True):
        assert_same(one, same)


@pytest.mark.usefixtures("source")
def test_a_default_that_wants_too_much_writes_nothing() -> None:
    message = message_of(split.main)
    assert "train_rows is 3500" in message
    assert "has 60 rows" in message
    assert not digits.TRAIN.exists()
    assert not digits.TEST.exists()


@pytest.mark.usefixtures("project")
def test_without_its_input_it_names_the_stage_before() -> None:
    assert "'ingest'" in message_of(split.main)
