"""Averages of parameters; their trajectories against PyTorch's are in test_trajectories."""

import numpy as np
import numpy.typing as npt
import pytest

from stages.network.averaging import AVERAGES, Settings, State

SETTINGS = Settings(decay=0.75, begin=0.5)
every_average = pytest.mark.parametrize("name", AVERAGES)
both_floats = pytest.mark.parametrize("precision", [np.float32, np.float64])


def values(name: str, thetas: np.ndarray, steps_an_epoch: int, begin: float = 0.5) -> list[float]:
    """Return the first parameter to use after each step."""
    average, state = AVERAGES[name], AVERAGES[name].start(thetas[0])
    epochs, found, settings = len(thetas) // steps_an_epoch, [], Settings(0.75, begin)
    for step, theta in enumerate(thetas, start=1):
        state = average.after_step(theta, state, settings)
        if step % steps_an_epoch == 0:
            state = average.after_epoch(theta, state, step // steps_an_epoch, epochs, settings)
        found.append(float(average.value(theta, state)[0]))
    return found


THETAS = np.array([8.0, 4.0, 16.0, 0.0, 2.0, 6.0, 1.0, 7.0])[:, np.newaxis]


def test_without_averaging_the_last_parameters_are_used() -> None:
    assert values("none", THETAS, 2) == THETAS[:, 0].tolist()


def test_an_average_of_steps_begins_with_the_first_and_keeps_three_quarters() -> None:
    expected = [8.0, 7.0, 9.25, 6.9375]
    assert values("ema", THETAS, 2)[:4] == expected


def test_an_average_of_epochs_has_equal_parts_from_its_point_on() -> None:
    # Epochs of one step: the first four are not in it.
    assert values("swa", THETAS, 1) == pytest.approx([8, 4, 16, 0, 2, 4, 3, 4], rel=1e-15)
    # Of two steps: the last two of the four epochs are, and between their ends it stays.
    assert values("swa", THETAS, 2) == pytest.approx([8, 4, 16, 0, 2, 6, 6, 6.5], rel=1e-15)


def test_an_average_from_the_beginning_has_every_epoch() -> None:
    assert values("swa", THETAS, 1, begin=0.0)[-1] == pytest.approx(THETAS.mean(), rel=1e-15)


@every_average
def test_whether_it_needs_the_end_is_what_it_does(name: str) -> None:
    long = np.random.default_rng(0).random((16, 1))
    changed = values(name, long, 1)[:8] != values(name, long[:8], 1)
    assert changed == AVERAGES[name].needs_end


@every_average
@both_floats
def test_floats_stay_what_they_are_and_arguments_unchanged(
    name: str, precision: npt.DTypeLike
) -> None:
    average, one, other = AVERAGES[name], np.full(3, 1, precision), np.full(3, 2, precision)
    start = state = average.start(one)
    for epoch in (1, 2, 3, 4):
        kept = {key: array.copy() for key, array in state.items()}
        after = average.after_step(other, state, SETTINGS)
        after = average.after_epoch(other, after, epoch, 4, SETTINGS)
        assert all(np.array_equal(state[key], kept[key]) for key in kept)
        assert kinds(after) == kinds(start)
        state = after
    assert average.value(other, state).dtype == precision
    assert one.tolist() == [1, 1, 1]
    assert other.tolist() == [2, 2, 2]


def kinds(state: State) -> dict[str, tuple[object, tuple[int, ...]]]:
    return {key: (array.dtype, array.shape) for key, array in state.items()}
