import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.figures import learning_curve
from stages.figures.learning_curve import Run
from tests.figures.made import (
    OKABE_ITO,
    assert_legible,
    coloured,
    key_of,
    texts_of,
)

Scores = npt.NDArray[np.float64]

COST = np.linspace(2.4, 0.3, 40)
ACCURACY = np.linspace(0.1, 0.95, 40)
POST = np.linspace(2.5, 0.4, 500)
COURSE: dict[str, Scores] = {"cost": COST, "accuracy": ACCURACY}
VALIDATION: dict[str, Scores] = {
    "validation_cost": COST[::-1] + 0.5,
    "validation_accuracy": ACCURACY * 0.9,
}
RATE: dict[str, Scores] = {"learning_rate": np.linspace(0.8, 0.0, 40)}
METRICS = {
    "train.cost": 0.29514,
    "train.accuracy": 0.92714,
    "test.cost": 0.42795,
    "test.accuracy": 0.886,
}


PAST: dict[str, Scores] = {
    "epoch": np.array([0.0, 5.0, 40.0]),
    "cost": np.array([2.5, 2.0, 0.42795]),
    "accuracy": np.array([0.125, 0.25, 0.886]),
}


def drawn() -> Figure:
    return draw(COURSE)


def draw(course: dict[str, Scores], metrics: dict[str, float] = METRICS) -> Figure:
    return learning_curve.draw(Run(course, metrics, PAST), POST)


def curve(axes: Axes, number: int = 0) -> Scores:
    return np.asarray(axes.lines[number].get_xydata())


@pytest.mark.parametrize("costs", [COST, COST[:1], np.zeros(3), COST * 1e6, np.full(5000, 14.2)])
def test_a_picture_of(costs: Scores) -> None:
    metrics = METRICS | {"train.cost": float(costs[-1]), "test.cost": float(costs[0])}
    course: dict[str, Scores] = {"cost": costs, "accuracy": np.linspace(0, 1, len(costs))}
    assert_legible(draw(course, metrics), 1500, 654)
    course["learning_rate"] = costs / 1000
    assert_legible(draw(course, metrics), 1500, 654)
    course |= {"validation_cost": costs, "validation_accuracy": course["accuracy"]}
    assert_legible(draw(course, metrics), 1500, 708)


def test_a_curve_goes_by_the_epochs_that_were_done_before() -> None:
    cost, accuracy, _ = drawn().axes
    assert np.array_equal(curve(cost), np.column_stack([np.arange(40), COST]))
    assert np.array_equal(curve(accuracy), np.column_stack([np.arange(40), ACCURACY]))


def test_the_posts_curve_has_its_own_panel_and_is_named_for_what_it_is() -> None:
    cost, _, post = drawn().axes
    assert np.array_equal(curve(post), np.column_stack([np.arange(500), POST]))
    assert key_of(post) == [
        "its training rows: 30,000 others,\nraw pixels; 0.4000 before\nthe last update"
    ]
    assert not any("post" in str(line.get_label()) for line in cost.lines)
    assert "Cost in the blog post (nats)" in texts_of(drawn())
    # The two can be held against each other.
    assert cost.get_ylim() == post.get_ylim() == (0, 2.75)


def test_the_ends_are_those_of_metrics_json() -> None:
    cost, accuracy, _ = drawn().axes
    for axes, name in ((cost, "cost"), (accuracy, "accuracy")):
        ends = [np.asarray(marks.get_offsets()).tolist() for marks in axes.collections[1:]]
        assert ends == [[[40, METRICS[f"train.{name}"]]], [[40, METRICS[f"test.{name}"]]]]
    assert key_of(cost)[2:] == ["training rows: 0.2951", "test rows: 0.4279"]
    assert key_of(accuracy)[2:] == ["training rows: 92.71%", "test rows: 88.60%"]
    note = "Lines: before each epoch's update, as in history.csv. Marks: after it, as in "
    assert f"{note}snapshots.csv and, at the end, in metrics.json" in texts_of(drawn())


def test_the_snapshots_are_points_but_for_the_last_which_is_the_end() -> None:
    for axes, name in zip(drawn().axes[:2], ("cost", "accuracy"), strict=True):
        points = np.asarray(axes.collections[0].get_offsets())
        assert np.array_equal(points, np.column_stack([[0, 5], PAST[name][:2]]))
        assert key_of(axes)[1] == "test rows, after some epochs"
    alone = {name: values[-1:] for name, values in PAST.items()}
    cost = learning_curve.draw(Run(COURSE, METRICS, alone), POST).axes[0]
    assert len(cost.collections) == 2


def test_no_cost_of_a_snapshot_is_cut_off() -> None:
    high = PAST | {"cost": PAST["cost"] * 20}
    cost = learning_curve.draw(Run(COURSE, METRICS, high), POST).axes[0]
    assert cost.get_ylim() == pytest.approx((0, 1.05 * 50))


def test_one_epoch_is_seen() -> None:
    course = {name: values[:1] for name, values in (COURSE | VALIDATION | RATE).items()}
    figure = draw(course)
    for axes, curves in zip(figure.axes, (2, 1, 2), strict=True):
        assert [line.get_marker() for line in axes.lines] == ["."] * curves
        assert axes.get_xticks().tolist() == [0, 1]


def test_no_cost_is_cut_off() -> None:
    for metrics in (METRICS, METRICS | {"test.cost": 60.0}):
        cost = draw(COURSE | {"cost": COST * 20}, metrics).axes[0]
        low, high = cost.get_ylim()
        assert low == 0
        assert high == pytest.approx(1.05 * max(48, metrics["test.cost"]))


def test_no_cost_of_rows_that_validate_is_cut_off() -> None:
    costs = VALIDATION | {"validation_cost": COST * 30}
    cost = draw(COURSE | costs).axes[0]
    assert cost.get_ylim() == pytest.approx((0, 1.05 * 72))


def test_rows_that_validate_are_shown_beside_those_that_train_after_each_epoch() -> None:
    figure = draw(COURSE | VALIDATION)
    for axes, name in zip(figure.axes[:2], ("cost", "accuracy"), strict=True):
        training, validation = curve(axes), curve(axes, 1)
        assert np.array_equal(training, np.column_stack([np.arange(40), COURSE[name]]))
        values = VALIDATION[f"validation_{name}"]
        assert np.array_equal(validation, np.column_stack([np.arange(1, 41), values]))
        assert axes.lines[0].get_color() != axes.lines[1].get_color()
    lowest = "validation rows, each epoch:\nlowest 0.8000 after epoch 1"
    assert key_of(figure.axes[0])[:2] == ["training rows, each epoch", lowest]
    assert key_of(figure.axes[1])[1] == "validation rows, each epoch"
    assert (
        "Lines: training rows before each update, validation rows after each epoch (history.csv). "
        "Marks: the network (snapshots.csv, metrics.json)"
    ) in texts_of(figure)
    assert "Cost in the blog post (nats)" in texts_of(figure)


def test_the_learning_rate_stands_beside_the_cost_in_place_of_the_posts_curve() -> None:
    figure = draw(COURSE | RATE)
    cost, rate, accuracy = figure.axes
    assert np.array_equal(curve(cost)[:, 1], COST)
    assert np.array_equal(curve(accuracy)[:, 1], ACCURACY)
    points = np.column_stack([np.arange(1, 41), RATE["learning_rate"]])
    assert np.array_equal(curve(rate), points)
    assert key_of(rate) == ["of each epoch's last step"]
    assert rate.get_ylim() == pytest.approx((0, 1.05 * 0.8))
    assert "Learning rate" in texts_of(figure)
    assert "Cost in the blog post (nats)" not in texts_of(figure)


def test_the_accuracy_goes_from_0_to_100_per_cent() -> None:
    assert drawn().axes[1].get_ylim() == (0, 1)


def test_colours_that_all_can_tell_apart() -> None:
    for course in (COURSE, COURSE | VALIDATION | RATE):
        found = coloured(draw(course))
        assert found
        assert found <= OKABE_ITO
