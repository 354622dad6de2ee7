"""Test rows in pieces and groups, and reports that tell the first of many."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from stages import evaluate
from stages.common.artifacts import committed, encoded, evaluated, history, predictions, reports
from tests.common.artifacts.made import KINDS, assert_same
from tests.common.shared import message_of
from tests.stages.made import put_encoded, put_params
from tests.stages.test_evaluate import NETWORK, TINY, put_trained

TESTED = 25
WRITTEN = (predictions.PREDICTIONS, reports.METRICS, reports.PER_CLASS, reports.SNAPSHOTS)


@pytest.fixture
def ready(project: Path) -> Path:
    """Return a small project to evaluate."""
    put_params()
    put_encoded(train=33, test=TESTED)
    put_trained(NETWORK)
    history.write(history.HISTORY, TINY)
    return project


def test_pieces_change_no_byte(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluate.main()
    before = [(ready / path).read_bytes() for path in WRITTEN]
    for module in (evaluate, predictions):
        monkeypatch.setattr(module, "PIECE_ROWS", 4)
    evaluate.main()
    assert [(ready / path).read_bytes() for path in WRITTEN] == before


@pytest.mark.usefixtures("ready")
def test_many_predictions_are_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluate.main()
    whole = predictions.read(predictions.PREDICTIONS)
    for module in (evaluate, predictions):
        monkeypatch.setattr(module, "PIECE_ROWS", 4)
    monkeypatch.setattr(predictions, "GROUP_ROWS", 8)
    evaluate.main()
    metadata = pq.read_metadata(predictions.PREDICTIONS)
    assert [metadata.row_group(at).num_rows for at in range(4)] == [8, 8, 8, 1]
    assert_same(predictions.read(predictions.PREDICTIONS), whole)


def test_answers_are_the_predictions_with_the_highest_probability(project: Path) -> None:
    KINDS["predictions"].write()
    made, path = KINDS["predictions"].artifact, project / predictions.PREDICTIONS
    found = predictions.read_answers(path)
    for name in ("row", "label", "predicted"):
        assert np.array_equal(getattr(found, name), getattr(made, name))
    assert np.array_equal(found.sureness, made.P.max(axis=1))


@pytest.mark.parametrize("most", [TESTED - 1, 7, 1])
def test_the_first_by_row_are_told_and_the_metrics_say_so(
    ready: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    evaluate.main()
    whole = pd.read_csv(reports.PREDICTIONS)
    scores = json.loads(reports.METRICS.read_text())
    monkeypatch.setattr(evaluate, "MOST_TOLD", most)
    evaluate.main()
    told = pd.read_csv(ready / reports.PREDICTIONS)
    first = whole.sort_values("row").head(most).reset_index(drop=True)
    pd.testing.assert_frame_equal(told, first)
    content = reports.METRICS.read_bytes()
    assert json.loads(content) == scores | {"predictions_csv": {"rows": most, "of": TESTED}}
    assert committed.test_rows(content, "here") == TESTED
    assert list(evaluated.read_metrics()) == [*committed.metrics(content, "here")]
    assert "predictions_csv.of" not in evaluated.read_metrics()


def test_as_many_as_are_told_are_told_as_they_stand(
    ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluate, "MOST_TOLD", TESTED)
    evaluate.main()
    rows = encoded.read(encoded.TEST).row
    assert pd.read_csv(ready / reports.PREDICTIONS)["row"].tolist() == rows.tolist()
    assert committed.test_rows(reports.METRICS.read_bytes(), "here") is None


@pytest.mark.parametrize("said", [{"rows": 9}, {"rows": 9, "of": 9}, {"rows": 0, "of": 9.5}])
def test_an_excerpt_that_is_none_is_refused(said: dict[str, float]) -> None:
    content = json.dumps({"predictions_csv": said}).encode()
    assert "predictions_csv.of in here is" in message_of(
        lambda: committed.test_rows(content, "here")
    )


@pytest.mark.usefixtures("ready")
def test_a_disk_without_room_is_told_of_before_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictions, "_ROW_BYTES", 1 << 50)
    message = message_of(evaluate.main)
    assert "cannot write data/predictions.parquet: No space left on device: up to " in message
    assert not predictions.PREDICTIONS.exists()
