"""`digits log`."""

import json
from pathlib import Path

import numpy as np
import pytest

from stages.figures import accuracy_log
from stages.tools import git, log
from tests.scratch import Scratch

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def history(project: Scratch) -> Scratch:
    """Commits without metrics, with metrics, with a param changed, and with corrupt metrics."""
    project.set(train__epochs=301, split__test_rows=9)
    project.commit("Change \x1b[31mtwo params\x1b[0m")
    (project.folder / "reports/metrics.json").write_text('{"test": NaN}')
    project.commit("Spoil the metrics")
    return project


def test_the_table_has_accuracies_and_changed_params(history: Scratch) -> None:
    done = history.digits("log")
    header, *lines = done.stdout.splitlines()
    assert header.split() == ["commit", "date", "test", "accuracy", "difference"]
    newest, fault, second, change, other, third, first = lines
    assert newest.split()[2:3] == ["unreadable"]
    assert fault.strip().startswith("unreadable: reports/metrics.json has no train.accuracy")
    assert change.strip() == "split.test_rows: null → 9"
    assert other.strip() == "train.epochs: 300 → 301"
    assert second.split()[2] == third.split()[2]
    assert second.split()[3] == "0.0000"
    assert "\x1b" not in second
    assert "Change ?[31mtwo params" in second
    assert third.endswith("Its results")
    assert "no metrics" in first


@pytest.fixture
def merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    """Commits 0.5 - none - 0.9 - 0.7 - merge of 0.8, which left from 0.9; as the current folder."""
    made = Scratch(tmp_path / "merged")
    (made.folder / "reports").mkdir(parents=True)
    made.git("init", "--quiet", "--initial-branch=main")

    def commit(accuracy: float | None) -> None:
        scores = {"accuracy": accuracy, "cost": 1.0}
        content = json.dumps({"train": scores, "test": scores})
        (made.folder / "reports/metrics.json").write_text("" if accuracy is None else content)
        made.commit(str(accuracy))

    for accuracy in (0.5, None, 0.9):
        commit(accuracy)
    made.git("checkout", "--quiet", "-b", "side")
    commit(0.8)
    made.git("checkout", "--quiet", "main")
    commit(0.7)
    made.git("merge", "--quiet", "--strategy=ours", "--message=merge", "side")
    monkeypatch.chdir(made.folder)
    return made


# By the subject: what stands in the last column.
DIFFERENCES = {
    "merge": "0.0000",  # from 0.7, its first parent
    "0.7": "-0.2000",  # from 0.9, not from 0.8 beside it
    "0.8": "-0.1000",
    "0.9": "–",  # its parent has no metrics
    "None": "",
    "0.5": "–",  # it has no parent
}


@pytest.mark.parametrize("count", [1, 3, 6])
def test_a_commit_is_held_against_its_first_parent_shown_or_not(
    count: int, merged: Scratch
) -> None:
    entries = log.read(git.log(merged.git("rev-parse", "HEAD"), count))
    assert len(entries) == count
    found = {entry.commit.subject: log._row(entry)[3] for entry in entries}
    assert found == {subject: DIFFERENCES[subject] for subject in found}


def test_lines_of_the_picture_go_to_the_first_parent() -> None:
    accuracy, parent = np.array([0.9, np.nan, 0.8, 0.7]), np.array([-1, 0, 0, 2])
    figure = accuracy_log.draw(list("abcd"), accuracy, parent, np.zeros(4, bool))
    lines = [line for line in figure.axes[0].lines if line.get_linestyle() == "-"]
    points = [np.asarray(line.get_xydata()) for line in lines]
    drawn = [ends.tolist() for ends in points if np.isfinite(ends).all()]
    assert drawn == [[[0, 0.9], [2, 0.8]], [[2, 0.8], [3, 0.7]]]


def test_the_last_n(history: Scratch) -> None:
    lines = history.digits("log", "-n", "1").stdout.splitlines()
    assert len([line for line in lines if not line.startswith(" ")]) == 2


def test_the_picture(history: Scratch, tmp_path: Path) -> None:
    assert history.digits("log", "--plot", str(tmp_path / "log.png")).returncode == 0
    assert (tmp_path / "log.png").read_bytes()[:8] == PNG


def test_a_history_without_any_metrics(trained: Scratch, tmp_path: Path) -> None:
    clone = trained.clone(tmp_path / "clone")
    clone.git("checkout", "--quiet", "HEAD^")
    done = clone.digits("log", "--plot", str(tmp_path / "log.png"))
    assert done.returncode == 0
    assert "no metrics" in done.stdout


def test_a_shallow_clone_says_so(trained: Scratch, tmp_path: Path) -> None:
    done = trained.clone(tmp_path / "clone", "--depth=1").digits("log")
    assert done.returncode == 0
    assert "fetch-depth: 0" in done.stdout


@pytest.mark.parametrize("words", [("-n", "0"), ("-n", "x"), ("--plot", "log.svg")])
def test_wrong_options(words: tuple[str, ...], trained: Scratch) -> None:
    done = trained.digits("log", *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [(), ("compare",), ("log",)])
def test_help(words: tuple[str, ...], trained: Scratch) -> None:
    done = trained.digits(*words, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(" ".join(["usage: digits", *words]))
