"""Update rules, schedules, clipping and averages against PyTorch's, over 50 steps."""

import json
from pathlib import Path

import numpy as np
import pytest

from stages.network.parameters import flat, shaped
from stages.network.streams import BATCHES, stream
from tests.network.helpers import random_parameters, random_rows, run_epochs
from tests.network.trajectories import (
    BATCH_ROWS,
    CASES,
    EPOCHS,
    ROWS,
    STEPS,
    STEPS_AN_EPOCH,
    TOLD,
    Case,
    Problem,
    course,
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
    found, told = course(CASES[name], problem()), TOLD_BY_TORCH["cases"][name]
    for step in TOLD:
        assert np.abs(found[step - 1] - told[str(step)]).max() < 1e-10


def test_parameters_are_those_of_the_pytorch_that_is_here() -> None:
    pytest.importorskip("torch")
    from tests.network import torch_trajectories

    for case in CASES.values():
        pairs = zip(course(case, problem()), torch_trajectories.course(case), strict=True)
        assert max(np.abs(ours - theirs).max() for ours, theirs in pairs) < 1e-10, case


@each_case
def test_training_in_batches_takes_the_steps_of_the_formulas(name: str) -> None:
    sizes, seed, settings = [16, 5, 10], 5, CASES[name]._asdict()
    parameters, rows = random_parameters(sizes, 0.5, seed=4), random_rows(16, 10, ROWS, seed=3)
    orders = [stream(seed, BATCHES, epoch).permutation(ROWS) for epoch in range(1, EPOCHS + 1)]
    batches = [
        (rows.X[some] / rows.pixel_scale, rows.Y[some].astype(float))
        for order in orders
        for some in np.split(order, range(BATCH_ROWS, ROWS, BATCH_ROWS))
    ]
    asked = {"batch_rows": BATCH_ROWS, "activation": "tanh", "seed": seed, **settings}
    epochs = run_epochs(parameters, rows, epochs=EPOCHS, **asked)
    expected = course(CASES[name], Problem(flat(parameters), sizes, batches))
    for epoch, after in zip(epochs, expected[STEPS_AN_EPOCH - 1 :: STEPS_AN_EPOCH], strict=True):
        assert np.abs(flat(epoch.parameters) - after).max() < 1e-10


def test_no_case_is_another() -> None:
    ends = [course(case, problem())[-1] for case in CASES.values()]
    same = [np.abs(one - other).max() < 1e-4 for i, one in enumerate(ends) for other in ends[:i]]
    assert not any(same)


@pytest.mark.parametrize("name", ["momentum, decay, clipping", "adamw, decay, clipping"])
def test_some_steps_are_clipped_and_some_are_not(name: str) -> None:
    most = CASES[name].clip_norm
    assert most is not None
    unclipped = CASES[name]._replace(clip_norm=1e9)
    theta, sizes, batches = problem()
    thetas = [theta, *course(CASES[name], problem())]
    norms = [
        float(np.linalg.norm(summed_gradient(at, sizes, X, Y) / len(X)))
        for at, (X, Y) in zip(thetas, batches, strict=False)
    ]
    assert min(norms) < 0.9 * most < 1.1 * most < max(norms)
    assert np.abs(course(unclipped, problem())[-1] - thetas[-1]).max() > 1e-4


def test_the_gradient_of_the_small_network_is_right() -> None:
    theta, sizes, ((X, Y), *_) = problem()

    def cost(theta: np.ndarray) -> float:
        (W1, b1), (W2, b2) = shaped(theta, sizes)
        Z = np.tanh(X @ W1.T + b1) @ W2.T + b2
        return float((np.log(np.exp(Z).sum(axis=1)) - (Z * Y).sum(axis=1)).sum())

    steps = np.eye(len(theta)) * 1e-5
    slopes = [(cost(theta + step) - cost(theta - step)) / 2e-5 for step in steps]
    assert summed_gradient(theta, sizes, X, Y) == pytest.approx(np.array(slopes), abs=1e-8)


def test_a_course_has_a_step_for_each_batch() -> None:
    assert len(course(Case(), problem())) == STEPS == TOLD[-1]
