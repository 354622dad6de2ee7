import numpy as np
import pytest

from stages.network.cost import cross_entropy, hits, output_error, truth_of

PRECISIONS = pytest.mark.parametrize("precision", ["float64", "float32"])

# Three images, of a 0, a 1 and a 2; each column of P is one of them.
TRUTH = truth_of(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.uint8))
P = np.array([[0.5, 0.1, 0.2], [0.25, 0.8, 0.2], [0.25, 0.1, 0.6]])


def test_truth_is_the_labels_the_one_hot_columns_and_their_places() -> None:
    truth = truth_of(np.array([[0, 1, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]], np.uint8))
    assert truth.labels.tolist() == [1, 1, 0, 2]
    assert truth.one_hot.dtype == bool
    assert truth.one_hot.tolist() == [[0, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 1]]
    assert truth.places.tolist() == [4, 5, 2, 11]


@PRECISIONS
def test_cross_entropy_is_the_sum_of_minus_ln_p(precision: str) -> None:
    # ln 2 + ln(5/4) + ln(5/3) = ln(25/6)
    found = cross_entropy(np.log(P).astype(precision), TRUTH)
    assert found == pytest.approx(1.4271163556401458, rel=4 * float(np.finfo(precision).eps))


def test_certainty_of_the_truth_costs_nothing() -> None:
    assert cross_entropy(np.array([[0.0], [-2e4]]), truth_of(np.array([[1, 0]], np.uint8))) == 0


def test_certainty_of_an_untruth_costs_its_logarithm() -> None:
    truth = truth_of(np.array([[0, 1]], np.uint8))
    assert cross_entropy(np.array([[0.0], [-2e4]]), truth) == 20000


def test_cross_entropy_of_single_precision_is_summed_in_double() -> None:
    # A sum in float32 is off by more, even if it is taken in pairs.
    truth = truth_of(np.tile(np.array([1, 0], np.uint8), (1_000_001, 1)))
    log_P = np.full((2, 1_000_001), -0.1, np.float32)
    assert cross_entropy(log_P, truth) == pytest.approx(100_000.10149011761, rel=1e-11)


@PRECISIONS
def test_output_error_is_p_minus_y(precision: str) -> None:
    found = output_error(np.log(P).astype(precision), TRUTH)
    expected = [[-0.5, 0.1, 0.2], [0.25, -0.2, 0.2], [0.25, 0.1, -0.4]]
    assert found.dtype == precision
    assert np.abs(found - expected).max() <= 2 * np.finfo(precision).eps


def test_hits_are_the_images_whose_most_probable_digit_is_the_true_one() -> None:
    log_P = np.log(P)
    assert hits(log_P, TRUTH) == 3
    assert hits(log_P[:, [1, 0, 2]], TRUTH) == 1
    assert hits(log_P[:, [1, 2, 0]], TRUTH) == 0


def test_first_of_equally_probable_digits_is_the_prediction() -> None:
    log_P = np.log(np.array([[0.4, 0.4, 0.2], [0.4, 0.4, 0.4], [0.2, 0.2, 0.4]]))
    labels_0_0_1 = truth_of(np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0]], np.uint8))
    assert hits(log_P, labels_0_0_1) == 3
    assert hits(log_P, TRUTH) == 1


def test_output_error_does_not_change_its_argument() -> None:
    log_P = np.log(P)
    output_error(log_P, TRUTH)
    assert np.array_equal(log_P, np.log(P))
