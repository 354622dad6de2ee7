"""Who keeps which pieces."""

import numpy as np
import pytest

from stages.cluster.balance import dealt


def rows_of(numbers: list[int], rows: list[int]) -> int:
    return sum(rows[number] for number in numbers)


@pytest.mark.parametrize("seed", range(20))
def test_each_piece_is_kept_once_and_workers_have_about_as_many_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(1, 100, rng.integers(1, 40)).tolist()
    workers = {f"w{number}": 1.0 for number in range(rng.integers(1, 9))}
    given = dealt({}, rows, workers)
    assert sorted(number for numbers in given.values() for number in numbers) == [*range(len(rows))]
    shares = [rows_of(numbers, rows) for numbers in given.values()]
    assert max(shares) - min(shares) <= max(rows)


def test_what_a_lost_worker_kept_goes_to_the_others_and_nothing_else_moves() -> None:
    rows, kept = [10] * 9, {"a": [0, 1, 2], "b": [3, 4, 5], "c": [6, 7, 8]}
    given = dealt(kept, rows, {"a": 1.0, "c": 1.0})
    assert {*kept["a"]} < {*given["a"]}
    assert {*kept["c"]} < {*given["c"]}
    assert abs(len(given["a"]) - len(given["c"])) == 1


def test_one_that_joins_takes_its_part_and_nothing_else_moves() -> None:
    given = dealt({"a": [0, 1, 2], "b": [3, 4, 5]}, [10] * 6, {"a": 1.0, "b": 1.0, "c": 1.0})
    assert given == {"a": [0, 1], "b": [3, 4], "c": [2, 5]}


def test_one_of_more_threads_keeps_more() -> None:
    given = dealt({}, [10] * 8, {"a": 1.0, "b": 3.0})
    assert [len(given[name]) for name in "ab"] == [2, 6]


def test_a_piece_more_than_the_others_is_no_reason_to_move() -> None:
    kept = {"a": [0, 1, 2], "b": [3, 4]}
    assert dealt(kept, [10] * 5, {"a": 1.0, "b": 1.0}) == kept
