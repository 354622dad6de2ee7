"""Schedules: known rates; the trajectories against PyTorch's are in test_trajectories."""

import pytest

from stages.network.schedules import SCHEDULES, Length, Settings

SETTINGS = Settings(0.8, warmup_epochs=0, step_epochs=2, step_factor=0.1)
LENGTH = Length(steps_an_epoch=5, epochs=8)
every_schedule = pytest.mark.parametrize("name", SCHEDULES)


def rates(name: str, length: Length = LENGTH, warmup_epochs: float = 0) -> list[float]:
    """Return the rates of a whole training."""
    settings = SETTINGS._replace(warmup_epochs=warmup_epochs)
    steps = range(length.steps_an_epoch * length.epochs)
    return [SCHEDULES[name].rate_at(step, length, settings) for step in steps]


def test_a_constant_rate_is_the_one_given() -> None:
    assert rates("constant") == [0.8] * 40


def test_steps_fall_after_their_epochs() -> None:
    expected = [0.8] * 10 + [0.08] * 10 + [0.008] * 10 + [0.0008] * 10
    assert rates("step") == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("falls", range(20))
def test_each_fall_is_by_the_factor(falls: int) -> None:
    settings = Settings(1.0, 0, 1, 0.7)
    rate = SCHEDULES["step"].rate_at(3 * falls, Length(3, 20), settings)
    assert rate == pytest.approx(0.7**falls, rel=1e-14)


def test_a_cosine_falls_from_the_whole_to_almost_nothing() -> None:
    found = rates("cosine")
    assert [found[0], found[20]] == [0.8, 0.4]
    assert found[10] + found[30] == pytest.approx(0.8, rel=1e-15)
    assert found[-1] == pytest.approx(0.8 * 0.0015413331334360106, rel=1e-12)  # (1 + cos .975 pi)/2


def test_one_cycle_rises_to_the_whole_and_ends_at_almost_nothing() -> None:
    found = rates("one-cycle")
    assert found[0] == pytest.approx(0.8 / 25, rel=1e-15)
    assert found.index(max(found)) == 11  # 30 % of 40 steps, from 0
    assert found[11] == pytest.approx(0.8, rel=1e-15)
    assert found[-1] == pytest.approx(0.8 / 25 / 1e4, rel=1e-9)
    assert found[:12] == sorted(found[:12])
    assert found[11:] == sorted(found[11:], reverse=True)


@every_schedule
def test_a_warmup_rises_by_equal_steps_and_what_follows_is_the_schedule(name: str) -> None:
    found = rates(name, warmup_epochs=1.6)
    assert found[:8] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], rel=1e-15)
    assert found[8:] == rates(name, Length(1, 32)) if name != "step" else found[8:18] == [0.8] * 10


@every_schedule
def test_whether_it_needs_the_end_is_what_it_does(name: str) -> None:
    longer = rates(name, Length(5, 9), warmup_epochs=1)
    assert (rates(name, warmup_epochs=1) != longer[:40]) == SCHEDULES[name].needs_end


@every_schedule
def test_a_training_of_any_length_has_rates_that_are_numbers(name: str) -> None:
    for steps in range(1, 30):
        found = rates(name, Length(steps, 1), warmup_epochs=0.3)
        assert all(type(rate) is float and 0 <= rate <= 0.8 + 1e-15 for rate in found)
