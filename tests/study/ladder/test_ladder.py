"""The ladder as a whole, on a few hundred digits: what it records, and how it goes on."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages.common.artifacts import npz
from stages.common.errors import DigitsError
from stages.study import official
from stages.study.ladder import (
    again,
    climb,
    ladder_params,
    ledger,
    plan,
    readings,
    score,
    shelf,
    standings,
)
from stages.study.ladder.entries import Maker
from stages.study.ladder.finishing import Workshop, finish
from stages.study.ladder.pools import Counts
from stages.study.ladder.shelf import Shelf
from tests.study.ladder import tiny
from tests.study.small import write_params

REPORTS = plan.FOLDER


def record() -> dict[str, bytes]:
    """Return the record's files, but for the times."""
    files = [path for path in REPORTS.rglob("*") if path.is_file() and path.name != "run.json"]
    return {path.name: path.read_bytes() for path in files}


def entry_of(name: str, seed: int) -> Any:
    content = ladder_params.load()
    chosen = json.loads((REPORTS / "chosen.json").read_text(encoding="utf-8"))
    maker = Maker(Counts(**content["rows"]), plan.settings(content), chosen)
    return maker.of(plan.named(content, name), seed)


@pytest.mark.usefixtures("ladder")
def test_every_seed_of_every_setting_is_recorded() -> None:
    trainings = ledger.read().trainings
    assert {(one.name, one.seed) for one in trainings} == {
        (one.name, seed) for one in plan.settings(tiny.content()) for seed in range(one.seeds)
    }
    assert {one.epochs for one in trainings if one.name == "longer"} == {3}
    assert all(len(one.moments) for one in trainings if one.name in ("post", "scaled", "rate"))


@pytest.mark.usefixtures("ladder")
def test_what_a_network_reads_is_what_its_weights_say() -> None:
    entry, read = entry_of("wide", 1), readings.read()
    kept = Shelf(shelf.FOLDER).load(entry)
    assert kept is not None
    content = ladder_params.load()
    whole = official.read(Path(content["ingest"]["source"]))
    here = read.part == "official test"
    pixels = whole.pixels[read.row[here]] / 255
    (W1, b1), (W2, b2) = kept.parameters
    A = 1 / (1 + np.exp(-(pixels @ W1.T + b1)))
    assert read.columns[readings.column_of(entry)][here].tolist() == (
        (A @ W2.T + b2).argmax(axis=1).tolist()
    )
    assert read.label[here].tolist() == whole.label[read.row[here]].tolist()
    assert set(read.row[here]) == set(range(360, 420))


@pytest.mark.usefixtures("ladder")
def test_validation_accuracy_is_the_same_from_the_predictions_and_from_training() -> None:
    read = readings.read()
    rungs = [one for one in ledger.read().trainings if one.rows == "rungs"]
    assert rungs
    for one in rungs:
        column = readings.named(one.name, one.seed, one.key)
        assert read.accuracy(column, "validation") == one.scores[2]


@pytest.mark.usefixtures("ladder")
def test_a_study_that_was_stopped_goes_on(capfd: pytest.CaptureFixture[str]) -> None:
    before = record()
    for name in ("trainings.parquet", "predictions.parquet"):
        (REPORTS / name).unlink()
    lost = Shelf(shelf.FOLDER).path_of(entry_of("longer", 1))
    lost.unlink()
    climb.main()
    score.main()
    assert "1 of 1: longer, seed 1" in capfd.readouterr().err
    after = record()
    for name in ("curves.parquet", "first_layers.npz", "predictions.parquet"):
        assert after[name] == before[name], name


@pytest.mark.usefixtures("ladder")
def test_a_clone_with_the_record_trains_nothing_again(capfd: pytest.CaptureFixture[str]) -> None:
    before = record()
    shutil.rmtree(".cache")
    for module in (climb, score, standings):
        module.main()
    assert " of " not in capfd.readouterr().err
    assert not Path(".cache").exists()
    assert record() == before


@pytest.mark.usefixtures("ladder")
def test_a_network_that_is_neither_kept_nor_recorded_is_missed() -> None:
    shutil.rmtree(".cache")
    readings.PREDICTIONS.unlink()
    with pytest.raises(DigitsError, match=r"the network of post from seed 0 is not there, .* once"):
        score.main()


@pytest.mark.usefixtures("ladder")
def test_a_new_rung_is_all_that_is_trained(capfd: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(".cache")
    added = [*tiny.LADDER["added"], {"name": "new", "label": "New", "set": {"train.epochs": 4}}]
    write_params(plan.PARAMS_FILE, tiny.content(added=added))
    climb.main()
    score.main()
    told = capfd.readouterr().err
    assert "2 of 2: new, seed 1" in told
    assert {column.split("/")[0] for column in readings.read().columns} == {
        one.name for one in plan.settings(ladder_params.load())
    }


@pytest.mark.usefixtures("ladder")
def test_a_damaged_training_is_told_and_done_again(capfd: pytest.CaptureFixture[str]) -> None:
    (REPORTS / "trainings.parquet").unlink()
    entry, kept = entry_of("scaled", 0), Shelf(shelf.FOLDER)
    wanted, path = kept.load(entry), kept.path_of(entry)
    path.write_bytes(path.read_bytes()[:-40])
    workshop = Workshop(Counts(**tiny.ROWS), kept, 1)
    assert finish([entry], workshop, ()) == {}
    assert f"{path} is not used: " in capfd.readouterr().err
    found = kept.load(entry)
    assert found is not None
    assert wanted is not None
    assert found.curves.tobytes() == wanted.curves.tobytes()


@pytest.mark.usefixtures("other_process")
def test_the_check_finds_the_record_as_it_should_be(capsys: pytest.CaptureFixture[str]) -> None:
    again.main()
    assert "1 of 1 settings trained again" in capsys.readouterr().out


@pytest.mark.usefixtures("ladder")
def test_the_check_finds_other_readings_other_scores_and_other_tables() -> None:
    path = REPORTS / "standings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("scaled", "sealed"), encoding="utf-8")
    with pytest.raises(DigitsError, match=r"standings\.csv is not what follows"):
        again.main()
    made, first = ledger.read(), entry_of("scaled", 0)
    changed = [
        one._replace(scores=one.scores + 1e-15) if one.key == first.key else one
        for one in made.trainings
    ]
    ledger.write(made._replace(trainings=changed))
    with pytest.raises(DigitsError, match="scaled gives other scores than are recorded"):
        again.main()


def test_the_first_layers_are_those_of_both_ends(ladder: Path) -> None:
    layers = npz.read(ladder / ledger.FIRST_LAYERS, 1, "climb")
    assert list(layers) == ["post", "rate"]
    kept = Shelf(shelf.FOLDER).load(entry_of("rate", 0))
    assert kept is not None
    assert layers["rate"].tolist() == kept.parameters[0][0].astype("f4").tolist()
