"""Two commits compared by DVC, where they were made and in a clone that has no data."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.declared import read_yaml
from tests.scratch import ROOT, SETTINGS, Scratch

OLD, NEW = "HEAD~1", "workspace"  # as DVC calls them
KEY, OLD_EPOCHS, NEW_EPOCHS = "train.epochs", SETTINGS["train.epochs"], 100


@pytest.fixture(params=[pytest.param("in place", marks=pytest.mark.whole), "in a clone"])
def compared(request: pytest.FixtureRequest, worse: Scratch, tmp_path: Path) -> Scratch:
    """The whole project, and a fresh clone of it."""
    folder = tmp_path / "project"
    if request.param == "in place":
        return worse.copy(folder)
    return worse.clone(folder)


def at(project: Scratch, revision: str, path: str) -> str:
    """Return a text file of a commit."""
    return project.git("show", f"{revision.replace(NEW, 'HEAD')}:{path}")


def scores(project: Scratch, revision: str) -> dict[str, float]:
    """Return the metrics of a commit by their dotted names."""
    metrics = json.loads(at(project, revision, "reports/metrics.json"))
    return {f"{part}.{name}": metrics[part][name] for part in metrics for name in metrics[part]}


def test_metrics_show_tells_those_of_the_last_commit(compared: Scratch) -> None:
    (shown,) = json.loads(compared.dvc("metrics", "show", "--json")).values()
    metrics = json.loads(at(compared, NEW, "reports/metrics.json"))
    assert shown["data"]["reports/metrics.json"]["data"] == metrics


def test_metrics_diff_tells_all_that_changed(compared: Scratch) -> None:
    told = json.loads(compared.dvc("metrics", "diff", OLD, "--json"))
    old, new = scores(compared, OLD), scores(compared, NEW)
    assert told == {
        "reports/metrics.json": {
            name: {"old": old[name], "new": new[name], "diff": pytest.approx(new[name] - old[name])}
            for name in old
            if old[name] != new[name]
        }
    }
    assert "train.cost" in told["reports/metrics.json"]


def test_params_diff_tells_the_epochs(compared: Scratch) -> None:
    told = json.loads(compared.dvc("params", "diff", OLD, "--json"))
    change = {"old": OLD_EPOCHS, "new": NEW_EPOCHS, "diff": NEW_EPOCHS - OLD_EPOCHS}
    assert told == {"params.yaml": {KEY: change}}


def test_plots_show_draws_a_page(compared: Scratch, tmp_path: Path) -> None:
    compared.dvc("plots", "show", "--out", tmp_path / "page")
    page = (tmp_path / "page/index.html").read_text(encoding="utf-8")
    entries = read_yaml(ROOT / "dvc.yaml")["plots"]
    for drawing in (next(iter(entry.values())) for entry in entries if isinstance(entry, dict)):
        assert json.dumps(drawing["title"]) in page
    pictures = {f"{NEW}_reports_figures_{name}" for name in figures(compared)}
    assert {path.name for path in (tmp_path / "page/static").iterdir()} == pictures
    assert all(picture in page for picture in pictures)


def figures(project: Scratch) -> list[str]:
    """Return the names of the pictures."""
    return [path.name for path in (project.folder / "reports/figures").iterdir()]


def test_plots_diff_draws_both_commits(compared: Scratch, tmp_path: Path) -> None:
    told = compared.dvc("plots", "diff", OLD, "--json", "--out", tmp_path / "page")
    drawn = json.loads(told)["data"]
    for plot, path, columns in (
        ("cost", "reports/history.csv", ("epoch", "cost")),
        ("training accuracy", "reports/history.csv", ("epoch", "accuracy")),
        ("confusion", "reports/predictions.csv", ("actual", "predicted")),
    ):
        for revision in (OLD, NEW):
            points = csv.DictReader(io.StringIO(at(compared, revision, path)))
            wanted = [[point[column] for column in columns] for point in points]
            assert values(drawn[plot], revision, columns) == wanted


def values(plot: list[dict[str, Any]], revision: str, columns: tuple[str, ...]) -> list[list[str]]:
    """Return the points of a commit that a plot draws."""
    (drawing,) = plot
    points = drawing["content"]["data"]["values"]
    return [[point[name] for name in columns] for point in points if point["rev"] == revision]


def test_plots_diff_shows_the_pictures_of_both_commits(compared: Scratch, tmp_path: Path) -> None:
    compared.dvc("plots", "diff", OLD, "--out", tmp_path / "page")
    for revision in (OLD, NEW):
        for name in figures(compared):
            drawn = tmp_path / f"page/static/{revision}_reports_figures_{name}"
            kept = f"{revision.replace(NEW, 'HEAD')}:reports/figures/{name}"
            assert compared.git("hash-object", str(drawn)) == compared.git("rev-parse", kept)
