"""Threads that share a job: all of it is done, and no bit depends on who does which piece."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import numpy as np
import pytest

from stages.common.artifacts.encoded import Encoded
from stages.network import side_by_side
from stages.network.first_weights import draw, he
from stages.network.parameters import Vector, flat
from stages.network.updates import UPDATES, Settings
from tests.network.helpers import run_epochs


@pytest.fixture(scope="module")
def helpers() -> Iterator[Executor]:
    with ThreadPoolExecutor(3) as pool:
        yield pool


def test_each_item_is_worked_on_once(helpers: Executor) -> None:
    done: list[int] = []
    side_by_side.side_by_side(helpers, done.append, range(4))
    assert sorted(done) == [0, 1, 2, 3]


def test_what_fails_in_a_thread_fails_here_with_the_warnings_of_here(helpers: Executor) -> None:
    def divide(number: float) -> None:
        np.float64(1) / np.float64(number)

    side_by_side.side_by_side(helpers, divide, [1.0, 2.0])
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        side_by_side.side_by_side(helpers, divide, [1.0, 0.0])


@pytest.mark.parametrize("name", UPDATES)
@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_a_step_in_pieces_is_the_step(
    name: str, precision: type, helpers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "_MANY", 1001)
    rng, rule = np.random.default_rng(5), UPDATES[name]
    theta: Vector = rng.standard_normal(1001).astype(precision)
    settings = Settings(0.9, 0.99, 0.1, (theta > 0).astype(precision))
    moves = [rule.move, *(side_by_side.shared(rule.move, helpers, count) for count in (1, 2, 3))]
    states = [(theta, rule.start(theta)) for _ in moves]
    for _ in range(3):
        total: Vector = rng.standard_normal(1001).astype(precision)
        states = [
            move(left, total.copy(), 7, 0.1, moments, settings)
            for move, (left, moments) in zip(moves, states, strict=True)
        ]
    (expected, moments), *others = states
    for found, some in others:
        assert found.dtype == precision
        assert np.array_equal(found, expected)
        assert some.keys() == moments.keys()
        for key, moment in moments.items():
            assert some[key].dtype == moment.dtype
            assert np.array_equal(some[key], moment)


@pytest.mark.parametrize("precision", ["float32", "reproducible"])
def test_threads_change_no_bit_of_a_wide_network(digits: Encoded, precision: str) -> None:
    start = draw([784, 256, 10], he, np.random.default_rng(0))
    one, three = (
        run_epochs(
            start, digits, 0.01, epochs=1, threads=threads, precision=precision,
            batch_rows=128, update="adamw", dropout=0.2, activation="relu",
        )[-1]
        for threads in (1, 3)
    )  # fmt: skip
    assert one.cost == three.cost
    assert np.array_equal(flat(one.parameters), flat(three.parameters))
