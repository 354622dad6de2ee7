"""The conclusion in words follows from the numbers."""

import copy
from typing import Any

import pytest

from stages.study.conclusion import conclude, expected_inside, explains, verdict

POST = {"train_accuracy": 0.87, "test_accuracy": 0.85, "epochs": 500, "cost_rises": 120}


def group(low: float, high: float, held: int, rises: tuple[int, int]) -> dict[str, Any]:
    """Return the summary of 20 runs whose accuracies all lie between `low` and `high`."""
    mean = (low + high) / 2
    spread = {"mean": mean, "std": 0.01, "min": low, "max": high, "post_percentile": 40.0}
    return {
        "runs": 20,
        "train_accuracy": dict(spread),
        "test_accuracy": dict(spread),
        "epochs_inside_band": held,
        "cost_rises": {"min": rises[0], "max": rises[1]},
    }


LIKE_IT = group(0.84, 0.89, 500, (100, 130))
UNLIKE_IT = group(0.88, 0.90, 300, (0, 0))


def test_one_more_run_is_inside_unless_it_is_an_extreme() -> None:
    assert expected_inside(20) == pytest.approx(19 / 21)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("train_accuracy", "min"), 0.8701),
        (("train_accuracy", "max"), 0.8699),
        (("test_accuracy", "min"), 0.8501),
        (("test_accuracy", "max"), 0.8499),
        (("cost_rises", "min"), 121),
        (("cost_rises", "max"), 119),
        (("epochs_inside_band",), 452),
    ],
)
def test_each_number_alone_can_rule_a_scale_out(path: tuple[str, ...], value: float) -> None:
    assert explains(LIKE_IT, POST)
    changed = copy.deepcopy(LIKE_IT)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert not explains(changed, POST)


def test_as_many_epochs_as_expected_are_enough() -> None:
    assert explains({**LIKE_IT, "epochs_inside_band": 453}, POST)


@pytest.mark.parametrize(
    ("raw", "scaled", "words"),
    [
        (LIKE_IT, UNLIKE_IT, "it trained on raw pixels"),
        (UNLIKE_IT, LIKE_IT, "it trained on scaled pixels"),
        (LIKE_IT, LIKE_IT, "either scale"),
        (UNLIKE_IT, UNLIKE_IT, "neither scale"),
    ],
)
def test_each_outcome_has_its_verdict(
    raw: dict[str, Any], scaled: dict[str, Any], words: str
) -> None:
    summary = {"raw": raw, "scaled": scaled, "post": POST}
    assert words in verdict(summary)
    assert conclude(summary).endswith(verdict(summary))


def test_the_conclusion_names_the_numbers() -> None:
    words = conclude({"raw": LIKE_IT, "scaled": UNLIKE_IT, "post": POST})
    for told in (
        "Among 20 runs on raw pixels",
        "test accuracy at percentile 40 (1.5 standard deviations below the mean);",
        "training accuracy lies at percentile 40 (0.5 standard deviations above the mean)",
        "inside the runs' band in 500 of 500 epochs",
        "rose 120 times where theirs rose 100 to 130 times",
        "inside the runs' band in 300 of 500 epochs",
        "theirs never rose",
    ):
        assert told in words


def test_runs_that_end_alike_have_no_deviation_to_measure_by() -> None:
    alike = copy.deepcopy(LIKE_IT)
    alike["test_accuracy"]["std"] = 0.0
    assert "test accuracy at percentile 40; its" in conclude(
        {"raw": alike, "scaled": UNLIKE_IT, "post": POST}
    )
