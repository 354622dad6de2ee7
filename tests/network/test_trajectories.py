"""Update rules, schedules, clipping and averages against PyTorch's, over 50 steps."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.network.trajectories import (
    CASES,
    STEPS,
    TOLD,
    Case,
    course,
    layers,
    problem,
    summed_gradient,
)

# By `python -m tests.network.torch_trajectories`, where PyTorch is installed.
TOLD_BY_TORCH = json.loads((Path(__file__).parent / "torch_trajectories.json").read_text("utf-8"))
each_case = pytest.mark.parametrize("name", CASES)


def test_every_case_is_told() -> None:
    assert list(TOLD_BY_TORCH["cases"]) == list(CASES)


@each_case
def test_parameters_are_those_that_pytorch_told(name: str) -> None:
    found, told = course(CASES[name]), TOLD_BY_TORCH["cases"][name]
    for step in TOLD:
        assert np.abs(found[step - 1] - told[str(step)]).max() < 1e-10


def test_parameters_are_those_of_the_pytorch_that_is_here() -> None:
    pytest.importorskip("torch")
    from tests.network import torch_trajectories

    for case in CASES.values():
        pairs = zip(course(case), torch_trajectories.course(case), strict=True)
        assert max(np.abs(ours - theirs).max() for ours, theirs in pairs) < 1e-10, case


def test_no_case_is_another() -> None:
    ends = [course(case)[-1] for case in CASES.values()]
    same = [np.abs(one - other).max() < 1e-4 for i, one in enumerate(ends) for other in ends[:i]]
    assert not any(same)


@pytest.mark.parametrize("name", ["momentum, decay, clipping", "adamw, decay, clipping"])
def test_some_steps_are_clipped_and_some_are_not(name: str) -> None:
    most = CASES[name].clip_norm
    assert most is not None
    unclipped = CASES[name]._replace(clip_norm=1e9)
    theta, batches = problem()
    thetas = [theta, *course(CASES[name])]
    norms = [
        float(np.linalg.norm(summed_gradient(at, X, Y) / len(X)))
        for at, (X, Y) in zip(thetas, batches, strict=False)
    ]
    assert min(norms) < 0.9 * most < 1.1 * most < max(norms)
    assert np.abs(course(unclipped)[-1] - thetas[-1]).max() > 1e-4


def test_the_gradient_of_the_small_network_is_right() -> None:
    theta, ((X, Y), *_) = problem()

    def cost(theta: np.ndarray) -> float:
        (W1, b1), (W2, b2) = layers(theta)
        Z = np.tanh(X @ W1.T + b1) @ W2.T + b2
        return float((np.log(np.exp(Z).sum(axis=1)) - (Z * Y).sum(axis=1)).sum())

    steps = np.eye(len(theta)) * 1e-5
    slopes = [(cost(theta + step) - cost(theta - step)) / 2e-5 for step in steps]
    assert summed_gradient(theta, X, Y) == pytest.approx(np.array(slopes), abs=1e-8)


def test_a_course_has_a_step_for_each_batch() -> None:
    assert len(course(Case())) == STEPS == TOLD[-1]
