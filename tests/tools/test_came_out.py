"""What `make repro` says at its end."""

from stages.tools import came_out

NOW = {"train.accuracy": 0.9, "test.accuracy": 0.8}


def test_metrics_now_and_in_the_last_commit() -> None:
    told = came_out.render(NOW, {"train.accuracy": 0.9, "test.accuracy": 0.85})
    _, header, train, test, _, where = told.splitlines()
    assert header.split() == ["now", "last", "commit", "difference"]
    assert train.split() == ["train.accuracy", "0.9000", "0.9000", "0.0000"]
    assert test.split() == ["test.accuracy", "0.8000", "0.8500", "-0.0500"]
    assert "reports/" in where
    assert "reports/figures/" in where


def test_without_a_commit_there_is_nothing_beside_them() -> None:
    assert came_out.render(NOW, {}).splitlines()[2].split() == [
        "train.accuracy",
        "0.9000",
        "–",
        "–",
    ]
