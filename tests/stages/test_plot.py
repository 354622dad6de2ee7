"""The figures as files."""

import shutil
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from stages import plot
from stages.common.artifacts import predictions, reports, weights
from tests.common.artifacts.made import KINDS, layers_of
from tests.common.shared import REPOSITORY, message_of

FIGURES = ["confusion", "first_layer", "learning_curve", "mistakes", "per_class"]
REFERENCE = Path("data/reference/post-cost-curve.csv")


@pytest.fixture
def complete(project: Path) -> Path:
    """Return a project that holds all that the stage reads."""
    for name in ("history", "predictions", "encoded test", "initial", "trained"):
        KINDS[name].write()
    metrics = {"accuracy": 0.5, "cost": 1.5}
    reports.write_json(reports.METRICS, {"train": metrics, "test": metrics})
    reports.write_text(reports.SNAPSHOTS, "epoch,cost,accuracy\n0,2.5,0.1\n2,1.5,0.5\n")
    REFERENCE.parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / REFERENCE, REFERENCE)
    return project


def test_five_pictures(complete: Path) -> None:
    plot.main()
    pictures = sorted((complete / "reports/figures").iterdir())
    assert [path.name for path in pictures] == [f"{name}.png" for name in FIGURES]
    for path in pictures:
        assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
        assert b"matplotlib" not in path.read_bytes().lower()


def test_a_users_settings_of_matplotlib_change_no_byte(complete: Path) -> None:
    plot.main()
    folder = complete / "reports/figures"
    drawn = {path.name: path.read_bytes() for path in folder.iterdir()}
    with matplotlib.rc_context({"font.size": 20, "lines.linewidth": 9, "axes.facecolor": "red"}):
        plot.main()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == drawn


@pytest.mark.parametrize("rows", [[5, 0], [0, 5, 2], [5, 0, 3]])
def test_predictions_of_other_rows_are_refused(complete: Path, rows: list[int]) -> None:
    made = KINDS["predictions"].artifact
    n = len(rows)
    other = predictions.Predictions(
        np.array(rows, np.int32), made.label[:n], made.predicted[:n], made.P[:n]
    )
    predictions.write(predictions.PREDICTIONS, other)
    message = message_of(plot.main)
    for words in ("data/predictions.parquet", "data/encoded/test.npz", "'evaluate'"):
        assert words in message
    assert not (complete / "reports/figures").exists()


def test_predictions_of_other_labels_are_refused(complete: Path) -> None:
    made = KINDS["predictions"].artifact
    other = replace(made, label=made.label[[1, 0, 2]])
    predictions.write(predictions.PREDICTIONS, other)
    message = message_of(plot.main)
    for words in ("data/predictions.parquet", "labels", "data/encoded/test.npz", "'evaluate'"):
        assert words in message
    assert not (complete / "reports/figures").exists()


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("data/history.parquet", "'train'"),
        ("data/predictions.parquet", "'evaluate'"),
        ("data/encoded/test.npz", "'encode'"),
        ("data/weights/initial.npz", "'initialize'"),
        ("data/weights/trained.npz", "'train'"),
        ("reports/metrics.json", "'evaluate'"),
        ("reports/snapshots.csv", "'evaluate'"),
        ("data/reference/post-cost-curve.csv", "git checkout"),
    ],
)
def test_without_an_input_it_says_where_that_comes_from(
    complete: Path, missing: str, named: str
) -> None:
    (complete / missing).unlink()
    message = message_of(plot.main)
    assert missing in message
    assert named in message
    assert not (complete / "reports/figures").exists()


@pytest.mark.usefixtures("complete")
def test_weights_of_another_network_are_refused() -> None:
    weights.write(weights.INITIAL, layers_of([784, 5, 10]))
    message = message_of(plot.main)
    for words in ("data/weights/trained.npz", "(4, 784)", "initial.npz is (5, 784)", "'train'"):
        assert words in message
