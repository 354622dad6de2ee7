"""`digits log`."""

from pathlib import Path

import pytest

from tests.tools.scratch import Scratch

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
