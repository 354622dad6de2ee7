"""Signs that a network has not learned: when they are told, and when not."""

import numpy as np
import numpy.typing as npt
import pytest

from stages.network import health
from stages.network.health import LEAST_SLOPE, baseline, cause, flat_layers
from stages.network.scores import confusion_matrix

LABELS = np.array([3, 3, 3, 1, 0, 7, 7, 9])
FREQUENCY = np.bincount(LABELS, minlength=10) / 8


def log_of(P: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return logarithms of probabilities, one column a row of labels."""
    logs: npt.NDArray[np.float64] = np.log(P)
    return logs


def sure_of(digits: npt.NDArray[np.int64], probability: float) -> npt.NDArray[np.float64]:
    """Return log-probabilities that give one digit of each row so much."""
    P = np.full((10, len(digits)), (1 - probability) / 9)
    P[digits, np.arange(len(digits))] = probability
    return log_of(P)


def ailments(labels: npt.NDArray[np.int64], log_P: npt.NDArray[np.float64]) -> list[str]:
    """Return what is wrong with log-probabilities (10, n)."""
    cost = -float(log_P[labels, np.arange(len(labels))].mean())
    return health.ailments(confusion_matrix(labels, log_P.argmax(axis=0), 10), cost)


def test_the_best_guess() -> None:
    found = baseline(np.bincount(LABELS, minlength=10))
    assert (found.digit, found.share) == (3, 3 / 8)
    some = FREQUENCY[FREQUENCY > 0]
    assert found.cost == pytest.approx(-(some * np.log(some)).sum(), rel=1e-12)
    assert baseline(np.ones(10, np.int64)).cost == pytest.approx(np.log(10), rel=1e-12)


def test_nothing_is_said_of_a_network_that_has_learned() -> None:
    assert ailments(LABELS, sure_of(LABELS, 0.9)) == []
    some = np.where(np.arange(8) < 6, LABELS, (LABELS + 1) % 10)
    assert ailments(LABELS, sure_of(some, 0.5)) == []


def test_a_constant_prediction() -> None:
    said = ailments(LABELS, sure_of(np.full(8, 3), 0.2))
    assert said[0] == "every image is taken for a 3"
    assert "accuracy is 0.3750, no better than always guessing 3" in said[1]


def test_no_better_than_guessing() -> None:
    right = np.where(np.arange(8) < 3, LABELS, (LABELS + 1) % 10)
    # Its cost is low all the same.
    P = np.full((10, 8), 1e-9)
    P[LABELS, np.arange(8)] = 0.45
    P[right, np.arange(8)] = 0.5
    (said,) = ailments(LABELS, log_of(P))
    assert said == (
        "accuracy is 0.3750, no better than always guessing 3, the most frequent digit (0.3750)"
    )


def test_a_cost_above_that_of_guessing() -> None:
    mistaken = np.where(np.arange(8) < 6, LABELS, (LABELS + 1) % 10)
    (said,) = ailments(LABELS, sure_of(mistaken, 1 - 1e-6))
    assert "above the 1.494 of guessing" in said
    cost = -(6 * np.log(1 - 1e-6) + 2 * np.log(1e-6 / 9)) / 8
    assert f"cost is {cost:.4g} nats" in said


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (2.31, "cost is 2.31 nats, above the 2.303 of"),
        (2.3027, "cost is 2.3027 nats, above the 2.3026 of"),
        (2.302589, "cost is 2.302589 nats, above the 2.302585 of"),
    ],
)
def test_two_costs_that_differ_are_told_apart(cost: float, words: str) -> None:
    (said,) = health.ailments(np.eye(10, dtype=np.int64), cost)
    assert words in said


def test_the_cost_of_the_guess_itself_is_not_above_it() -> None:
    # The frequencies as probabilities: what training reaches at once, and may stay at.
    P = np.repeat((FREQUENCY + 1e-300)[:, None], 8, axis=1)
    assert not any("cost" in said for said in ailments(LABELS, log_of(P)))


def test_rows_of_one_digit_ask_for_nothing_else() -> None:
    ones = np.ones(4, np.int64)
    assert ailments(ones, sure_of(ones, 0.5)) == []


def test_flat_layers_are_numbered() -> None:
    assert flat_layers([0.25, LEAST_SLOPE * 1.001]) == []
    (said,) = flat_layers([0.25, LEAST_SLOPE])
    assert said.startswith("in hidden layer 2 no unit has a slope above 2^-20")
    assert len(flat_layers([0.0, float("nan")])) == 2


@pytest.mark.parametrize(
    ("largest_input", "any_flat", "words"),
    [
        (1 / 255, False, "encode.pixel_scale is too large, or ingest.highest"),
        (255.0, True, "raise encode.pixel_scale, or lower train.learning_rate"),
        (1.0, True, "lower train.learning_rate"),
        (1.0, False, "train.epochs, train.learning_rate"),
        (255.0, False, "train.epochs, train.learning_rate"),
    ],
)
def test_the_likely_cause(largest_input: float, any_flat: bool, words: str) -> None:
    assert cause(largest_input, any_flat).endswith(words)
