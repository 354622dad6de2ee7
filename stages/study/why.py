"""The numbers of the chapter on why: the first layer over training, and smaller learning rates."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from stages.study.runs import Outcome, Run
from stages.study.saturation import FirstLayer
from stages.study.summary import rises

_SATURATED = FirstLayer._fields.index("saturated")

Results = Sequence[tuple[Run, Outcome]]


def first_layer(results: Results) -> dict[str, dict[str, float]]:
    """Return what was seen of the first layer after each epoch looked at, the mean of the runs."""
    seen = np.mean([outcome.first_layer for _, outcome in results], axis=0)
    _, example = results[0]
    return {
        f"epoch_{moment:.0f}": dict(zip(FirstLayer._fields, map(float, row), strict=True))
        for moment, row in zip(example.moments, seen, strict=True)
    }


def learning_rates(results: Results) -> dict[str, dict[str, float]]:
    """Return what runs with each learning rate gave, the largest rate first, as means of them."""
    rates = sorted({run.learning_rate for run, _ in results}, reverse=True)
    return {
        str(rate): _mean([outcome for run, outcome in results if run.learning_rate == rate])
        for rate in rates
    }


def _mean(outcomes: list[Outcome]) -> dict[str, float]:
    """Return what runs gave, as means of them."""
    return {
        "runs": len(outcomes),
        "test_accuracy": float(np.mean([outcome.scores[2] for outcome in outcomes])),
        "last_cost": float(np.mean([outcome.cost[-1] for outcome in outcomes])),
        "cost_rises": float(np.mean([rises(outcome.cost) for outcome in outcomes])),
        "saturated": float(np.mean([outcome.first_layer[-1, _SATURATED] for outcome in outcomes])),
    }


def of_scale(usual: Results, slower: Results) -> dict[str, Any]:
    """Return the chapter's numbers on the runs of one scale: the study's own, and slower ones.

    Learning rates are compared over the same seeds.
    """
    seeds = {run.seed for run, _ in slower}
    same = [pair for pair in usual if pair[0].seed in seeds]
    return {
        "first_layer": first_layer(usual),
        "learning_rates": learning_rates([*same, *slower]),
    }
