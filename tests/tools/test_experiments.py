"""DVC's experiments on this project: two in a queue, compared, applied, and made a branch."""

import json
from typing import Any

import pytest

from tests.scratch import Scratch


def shown(project: Scratch) -> dict[str, dict[str, Any]]:
    """Return the experiments of HEAD by name: epochs, and test accuracy."""
    found = {}
    for commit in json.loads(project.dvc("exp", "show", "--json")):
        for experiment in commit["experiments"] or []:
            data = experiment["revs"][-1]["data"]
            found[experiment["name"]] = {
                "epochs": data["params"]["params.yaml"]["data"]["train"]["epochs"],
                "accuracy": data["metrics"]["reports/metrics.json"]["data"]["test"]["accuracy"],
            }
    return found


@pytest.mark.whole
def test_a_queue_of_two_on_a_dirty_tree(project: Scratch) -> None:
    # Dirty: what is not committed is a part of each experiment.
    project.set(gate__max_accuracy_drop=0.5)
    project.dvc("exp", "run", "--queue", "--quiet", "-S", "train.epochs=50,250")
    project.dvc("queue", "start", "--jobs", "1")
    wait(project)
    found = shown(project)
    assert sorted(entry["epochs"] for entry in found.values()) == [50, 250]
    worse, better = sorted(found, key=lambda name: int(found[name]["epochs"]))
    assert found[worse]["accuracy"] < found[better]["accuracy"]
    assert "gate" in (project.folder / "params.yaml").read_text()

    project.dvc("exp", "apply", "--quiet", worse)
    assert "max_accuracy_drop: 0.5" in (project.folder / "params.yaml").read_text()
    code, report = project.compare("--baseline", "HEAD")
    assert code == 1
    assert {"key": "train.epochs", "before": 300, "after": 50} in report["params"]
    assert report["metrics"]["test.accuracy"]["after"] == found[worse]["accuracy"]

    project.git("stash", "--quiet")
    project.dvc("exp", "branch", "--quiet", better, "longer")
    project.git("checkout", "--quiet", "longer")
    project.dvc("checkout", "--quiet")
    code, report = project.compare()
    assert report["baseline"]["chosen"] == "merge base with main"
    assert report["metrics"]["test.accuracy"]["after"] == found[better]["accuracy"]


def queued(project: Scratch) -> list[str]:
    """Return the names of the tasks in the queue."""
    lines = project.dvc("queue", "status").splitlines()
    return [line.split()[1] for line in lines if "Queued" in line or "Running" in line]


def wait(project: Scratch) -> None:
    """Wait until the queue has done all."""
    while left := queued(project):
        project.attempt("dvc", "queue", "logs", "--follow", left[0])
    assert "Failed" not in project.dvc("queue", "status")
