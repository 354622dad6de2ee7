"""Which rows train and which test."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages import split
from stages.common import fingerprints
from stages.common.artifacts import digits
from stages.common.artifacts.digits import Digits, part_of
from stages.split import Chosen
from tests.common.artifacts.made import assert_same, read_split
from tests.common.shared import message_of
from tests.stages.made import put_params, random_digits


@st.composite
def wishes(draw: st.DrawFn) -> tuple[int, int, int, int | None, int]:
    """Return rows, train_rows, validation_rows and test_rows that can be had, and a seed."""
    rows = draw(st.integers(2, 300))
    train_rows = draw(st.integers(1, rows - 1))
    validation_rows = draw(st.integers(0, rows - train_rows - 1))
    test_rows = draw(st.none() | st.integers(1, rows - train_rows - validation_rows))
    return rows, train_rows, validation_rows, test_rows, draw(st.integers(0, 2**32 - 1))


@given(wish=wishes())
def test_no_row_is_in_two_parts_and_each_has_its_number(
    wish: tuple[int, int, int, int | None, int],
) -> None:
    rows, train_rows, validation_rows, test_rows, seed = wish
    order = np.random.default_rng(seed).permutation(rows)
    parts = split.choose(rows, train_rows, validation_rows, test_rows, order)
    rest = rows - train_rows - validation_rows
    wanted = [train_rows, validation_rows, rest if test_rows is None else test_rows]
    assert [len(part) for part in parts] == wanted
    assert np.concatenate(parts).tolist() == order[: len({*np.concatenate(parts)})].tolist()


@given(wish=wishes())
def test_rows_that_validate_are_taken_from_those_that_would_train(
    wish: tuple[int, int, int, int | None, int],
) -> None:
    rows, train_rows, validation_rows, test_rows, seed = wish
    order = np.random.default_rng(seed).permutation(rows)
    train, validation, test = split.choose(rows, train_rows, validation_rows, test_rows, order)
    without = split.choose(rows, train_rows + validation_rows, 0, test_rows, order)
    assert [*train, *validation] == without[0].tolist()
    assert len(without[1]) == 0
    assert np.array_equal(test, without[2])


@given(n=st.integers(1, 8), seed=st.integers(0, 99), data=st.data())
def test_an_image_keeps_its_row_and_label(n: int, seed: int, data: st.DataObject) -> None:
    source = random_digits(n, seed)
    positions = data.draw(st.permutations(range(n)))
    taken = part_of(source, np.array(positions))
    for place, position in enumerate(positions):
        assert taken.row[place] == source.row[position]
        assert taken.label[place] == source.label[position]
        assert np.array_equal(taken.pixels[place], source.pixels[position])


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ((11, 0, None), "split.train_rows is 11, but the source has 10 rows"),
        ((10**12, 0, None), "split.train_rows is 1000000000000, but the source has 10 rows"),
        ((8, 0, 3), "train_rows is 8 and split.test_rows is 3, 11 together, but the source has 10"),
        ((1, 0, 10), "train_rows is 1 and split.test_rows is 10, 11 together, but"),
        ((10, 0, 1), "train_rows is 10 and split.test_rows is 1, 11 together, but"),
        ((10, 0, None), "split.train_rows is 10, which leaves no row of the source's 10 to test"),
        (
            (6, 2, 3),
            "split.train_rows is 6 and split.validation_rows is 2 and split.test_rows is 3, "
            "11 together, but the source has 10 rows",
        ),
        (
            (6, 5, None),
            "split.train_rows is 6 and split.validation_rows is 5, 11 together, "
            "but the source has 10 rows",
        ),
        (
            (6, 4, None),
            "split.train_rows is 6 and split.validation_rows is 4, 10 together, "
            "which leaves no row of the source's 10 to test",
        ),
    ],
)
def test_what_cannot_be_had_is_told_in_numbers(
    wanted: tuple[int, int, int | None], said: str
) -> None:
    assert said in message_of(lambda: split.choose(10, *wanted, np.arange(10)))


SOURCE = random_digits(60, seed=5)


@pytest.fixture
def source(project: Path) -> Digits:
    digits.write(project / digits.DIGITS, SOURCE)
    return SOURCE


def all_parts(**changes: Any) -> list[Digits]:
    """Run the stage with these params and return what it wrote."""
    put_params(**{f"split__{name}": value for name, value in changes.items()})
    split.main()
    return read_split()


def parts(**changes: Any) -> tuple[Digits, Digits]:
    """Run the stage with these params, and return the rows that train and those that test."""
    train, validation, test = all_parts(**changes)
    assert len(validation.row) == 0
    return train, test


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
        assert_same(part, part_of(source, positions))


def test_the_stream_is_what_it_has_always_been(source: Digits) -> None:
    # NumPy may change it with a new version: then every result changes, and this tells why.
    train, test = parts(train_rows=6, test_rows=4, seed=0)
    assert_same(train, part_of(source, np.array([16, 27, 20, 8, 42, 34])))
    assert_same(test, part_of(source, np.array([51, 4, 52, 57])))


def test_rows_that_validate_are_the_last_of_those_that_would_train(source: Digits) -> None:
    train, validation, test = all_parts(train_rows=4, validation_rows=2, test_rows=4, seed=0)
    assert_same(train, part_of(source, np.array([16, 27, 20, 8])))
    assert_same(validation, part_of(source, np.array([42, 34])))
    assert_same(test, part_of(source, np.array([51, 4, 52, 57])))


@pytest.mark.usefixtures("source")
def test_without_test_rows_all_that_remain_test() -> None:
    before, _, all_others = all_parts(train_rows=30)
    train, validation, test = all_parts(train_rows=30, validation_rows=10)
    assert_same(train, before)
    assert [*validation.row, *test.row] == all_others.row.tolist()
    assert [len(part.row) for part in (train, validation, test)] == [30, 10, 20]


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
    assert not any(path.exists() for path in digits.PARTS)


COPIES = Digits(
    np.arange(60, dtype=np.int32),
    (np.arange(60) % 10).astype(np.uint8),
    SOURCE.pixels[np.arange(60) % 30],  # the second half is the first again
)
TRAIN_TEST = "{} of {} images that test are also among those that train"
TRAIN_VALIDATE = "{} of {} images that validate are also among those that train"
VALIDATE_TEST = "{} of {} images that test are also among those that validate"


def said(wanted: tuple[int, int, int | None], max_shared_images: float = 1) -> list[str]:
    """Return what is remarked where so many rows of the copies train, validate and test."""
    chosen = split.choose(60, *wanted, np.arange(60))
    parts = [
        Chosen(COPIES.label[positions], fingerprints.of(COPIES.pixels[positions]))
        for positions in chosen
    ]
    return split.remarks(parts, max_shared_images)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ((20, 0, None), [(TRAIN_TEST, 20, 40)]),
        (
            (20, 20, None),
            [(TRAIN_VALIDATE, 10, 20), (TRAIN_TEST, 10, 20), (VALIDATE_TEST, 10, 20)],
        ),
        ((30, 20, None), [(TRAIN_VALIDATE, 20, 20), (TRAIN_TEST, 10, 10)]),
        ((10, 10, 10), []),
    ],
)
def test_images_in_two_parts_are_counted(
    wanted: tuple[int, int, int | None], told: list[tuple[str, int, int]]
) -> None:
    assert said(wanted) == [words.format(*counts) for words, *counts in told]


def test_only_test_images_that_train_are_too_many() -> None:
    assert len(said((10, 40, 10), max_shared_images=0)) == 2
    message = message_of(lambda: said((10, 20, 10), max_shared_images=0.5))
    words = "10 of 10 images that test are also among those that train: 100.0%"
    assert message == f"{words}; expected at most split.max_shared_images, 50.0%"


def test_a_digit_that_no_row_shows_is_told_of_each_part() -> None:
    found = [line for line in said((9, 8, None)) if "no row" in line]
    assert found == ["no row that is to train shows 9", "no row that is to validate shows 7, 8"]


@pytest.mark.usefixtures("project")
def test_without_its_input_it_names_the_stage_before() -> None:
    assert "'ingest'" in message_of(split.main)
