"""The study as a whole, on a few hundred digits and two seeds."""

import json
import os
import shutil
import signal
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stages.common.artifacts import parquet, reference
from stages.common.artifacts.trained import TEACHER
from stages.network.recipe import POST
from stages.study import tables
from tests import processes
from tests.study import small
from tests.study.small import SETTINGS, STUDY_FILE, Study

EPOCHS = SETTINGS["train"]["epochs"]
PIXELS = ("raw", "scaled")
RUNS = [(seed, pixels) for seed in range(2) for pixels in PIXELS]
CACHE = ".cache/reproduction"
# The runs that a process keeps are of its own BLAS: in this process others may be loaded.
RUN = ("python", "-m", "stages.study.run")


def table(study: Study, name: str, schema: pa.Schema) -> Any:
    """Return one of the study's tables, checked against its schema."""
    path = study.reports / f"{name}.parquet"
    return parquet.read(path, schema, tables.VERSION, "reproduction").to_pandas()


def test_one_row_a_run(study: Study) -> None:
    runs = table(study, "runs", tables.RUNS)
    assert list(zip(runs["seed"], runs["pixels"], strict=True)) == RUNS
    assert set(runs["epochs"]) == {EPOCHS}
    assert set(runs["learning_rate"]) == {0.8}
    assert runs["pixel_scale"].tolist() == [1.0, 255.0] * 2


def test_one_row_an_epoch_of_a_run(study: Study) -> None:
    curves = table(study, "curves", tables.CURVES)
    assert len(curves) == (len(RUNS) + 2) * EPOCHS
    for _, curve in curves.groupby(["learning_rate", "seed", "pixels"]):
        assert curve["epoch"].tolist() == list(range(1, EPOCHS + 1))
        assert ((curve["accuracy"] * 300) % 1).round(6).isin([0, 1]).all()


def test_slower_runs_have_their_own_table(study: Study) -> None:
    slower = table(study, "learning_rates", tables.RUNS)
    assert slower[["learning_rate", "seed", "pixels"]].to_numpy().tolist() == [
        [0.4, 0, "raw"],
        [0.4, 0, "scaled"],
    ]


def test_first_layer_is_looked_at_from_before_the_first_epoch_to_the_last(study: Study) -> None:
    first = table(study, "first_layer", tables.FIRST_LAYER)
    for _, seen in first.groupby(["learning_rate", "seed", "pixels"]):
        assert seen["epoch"].tolist() == [0, 1, 2, 5, 10, 12]
    raw, scaled = (first[first["pixels"] == pixels] for pixels in PIXELS)
    assert raw["saturated"].min() > 0.9
    assert scaled["saturated"].max() < 0.01


def test_summary_has_the_documented_keys(study: Study) -> None:
    summary = study.json("summary")
    assert set(summary) == {"raw", "scaled", "post", "conclusion"}
    for pixels in PIXELS:
        group = summary[pixels]
        spread = {"mean", "std", "min", "max", "post_percentile"}
        assert set(group) == {
            "runs", "train_accuracy", "test_accuracy", "epochs_inside_band", "cost_rises"
        }  # fmt: skip
        assert set(group["train_accuracy"]) == set(group["test_accuracy"]) == spread
        assert set(group["cost_rises"]) == {"min", "max"}


@pytest.mark.parametrize("pixels", PIXELS)
def test_summary_follows_from_the_tables(study: Study, pixels: str) -> None:
    group = study.json("summary")[pixels]
    runs = table(study, "runs", tables.RUNS).query(f"pixels == '{pixels}'")
    curves = table(study, "curves", tables.CURVES).query(
        f"pixels == '{pixels}' and learning_rate == 0.8"
    )
    costs = np.array([curve["cost"].to_list() for _, curve in curves.groupby("seed")])
    assert group["runs"] == len(runs) == 2
    for name, published in (("train_accuracy", 0.8722), ("test_accuracy", 0.8565)):
        values = sorted(runs[name])
        assert group[name] == {
            "mean": pytest.approx(sum(values) / 2, rel=1e-12),
            # Of two numbers the sample's standard deviation is their distance / sqrt(2).
            "std": pytest.approx((values[1] - values[0]) / 2**0.5, rel=1e-9),
            "min": values[0],
            "max": values[1],
            "post_percentile": 50.0 * sum(value <= published for value in values),
        }
    rises = [sum(b > a for a, b in pairwise(row)) for row in costs]
    assert group["cost_rises"] == {"min": min(rises), "max": max(rises)}
    assert rises == runs["cost_rises"].tolist()
    post = reference.read_post_costs()[:EPOCHS]
    held = [min(column) <= cost <= max(column) for column, cost in zip(costs.T, post, strict=True)]
    assert group["epochs_inside_band"] == sum(held)


def test_a_run_is_the_pipelines(study: Study, tmp_path: Path) -> None:
    pipeline = study.copy(tmp_path / "pipeline")
    settings = {name: dict(SETTINGS[name]) for name in ("ingest", "split", "initialize", "train")}
    settings["ingest"]["highest"] = None
    settings["split"] |= {"validation_rows": 0, "shuffle": True, "max_shared_images": 1.0}
    settings["initialize"] |= {"first_weights": "uniform", "seed": 1}
    settings["train"] |= POST
    settings["encode"] = {"side": 28, "pixel_scale": 1.0}
    settings["gate"] = {"max_accuracy_drop": 1.0, "significance": 0.01, "min_test_accuracy": 0.0}
    small.write_params(pipeline.folder / "params.yaml", settings)
    (pipeline.folder / TEACHER).mkdir()
    for stage in ("ingest", "split", "encode", "initialize", "train", "evaluate"):
        pipeline.module(f"stages.{stage}")
    metrics = json.loads((pipeline.folder / "reports/metrics.json").read_text(encoding="utf-8"))
    row = table(study, "runs", tables.RUNS).query("seed == 1 and pixels == 'raw'").iloc[0]
    assert metrics == {
        part: {score: row[f"{part}_{score}"] for score in ("accuracy", "cost")}
        for part in ("train", "test")
    }
    curve = table(study, "curves", tables.CURVES).query("seed == 1 and pixels == 'raw'")
    course = pq.read_table(pipeline.folder / "data/history.parquet").to_pandas()
    for column in ("epoch", "cost", "accuracy"):
        assert curve[column].tolist() == course[column].tolist()


def test_the_loop_over_single_images_agrees(study: Study) -> None:
    loop = study.json("loop")
    assert loop["tolerance"] == 1e-10
    assert all(0 < loop[pixels] <= 1e-10 for pixels in PIXELS)


def test_the_commit_and_the_times_are_told(study: Study) -> None:
    run = study.json("run")
    assert run["commit"] == study.run("git", "rev-parse", "HEAD").stdout.strip()
    assert run["as_committed"] is True
    assert run["loop_seconds"] == pytest.approx(run["loop_seconds_an_epoch"] * EPOCHS, abs=0.1)
    assert run["threads"] == 1


def test_a_change_not_committed_is_told(changeable: Study) -> None:
    path = changeable.folder / "stages/study/post.py"
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    changeable.module("stages.study.run")
    assert changeable.json("run")["as_committed"] is False


def test_dvc_has_nothing_to_run_without_the_digits_nor_after_an_edit(changeable: Study) -> None:
    shutil.rmtree(changeable.folder / "data/raw/mnist")
    code = changeable.folder / "stages/network/descent.py"
    code.write_text(code.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    before, lock = changeable.outs(), (changeable.reports / "dvc.lock").read_bytes()
    changeable.run("dvc", "status", "-q", STUDY_FILE)
    for options in ((), ("--force",)):
        assert "Running stage" not in changeable.dvc("repro", *options, STUDY_FILE)
    assert changeable.outs() == before
    assert (changeable.reports / "dvc.lock").read_bytes() == lock


def test_without_its_digits_it_says_what_brings_them_and_keeps_its_record(
    changeable: Study,
) -> None:
    before = changeable.outs()
    shutil.rmtree(changeable.folder / "data/raw/mnist")
    done = changeable.module("stages.study.run", status=1)
    assert "is not there: `digits fetch` brings" in done.stderr
    assert done.stderr.count("\n") == 1
    assert changeable.outs() == before


def test_the_check_finds_the_record_as_it_should_be(study: Study) -> None:
    assert "4 settings trained again" in study.module("stages.study.check").stdout


@pytest.mark.parametrize(
    ("path", "old", "new", "reason"),
    [
        (
            "stages/study/runs.py",
            "default_rng(run.seed",
            "default_rng(1 + run.seed",
            "another cost",
        ),
        ("reports/reproduction/summary.json", "raw", "row", "summary.json is not what follows"),
        ("reports/reproduction/params.yaml", "0.4", "0.3", "has no record of"),
    ],
)
def test_the_check_finds_a_record_that_went_stale(
    path: str, old: str, new: str, reason: str, changeable: Study
) -> None:
    text = (changeable.folder / path).read_text(encoding="utf-8")
    assert old in text
    (changeable.folder / path).write_text(text.replace(old, new), encoding="utf-8")
    done = changeable.run("python", "-m", "stages.study.check", status=1)
    assert reason in done.stderr
    assert "`make study`" in done.stderr


@pytest.mark.whole
def test_a_forced_run_gives_the_same_bytes_from_its_cache_or_without(changeable: Study) -> None:
    before = changeable.outs()
    changeable.run(*RUN)
    assert changeable.outs() == before
    shutil.rmtree(changeable.folder / CACHE)
    changeable.module("stages.study.run")
    assert changeable.outs() == before


def finished_runs(folder: Path) -> dict[str, int]:
    """Return the runs that are kept, with the time when each was written."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / CACHE).glob("*.npz")}


def test_a_killed_study_goes_on_with_the_run_that_it_had_not_finished(
    changeable: Study,
) -> None:
    wanted = changeable.outs()
    shutil.rmtree(changeable.folder / CACHE)
    with processes.started(RUN, cwd=changeable.folder, env=changeable.environment()) as process:
        while not finished_runs(changeable.folder):
            assert process.poll() is None
            time.sleep(0.001)
        os.killpg(process.pid, signal.SIGKILL)
    kept = finished_runs(changeable.folder)
    assert 1 <= len(kept) < len(RUNS) + 2
    changeable.run(*RUN)
    after = finished_runs(changeable.folder)
    assert len(after) == len(RUNS) + 2
    assert kept.items() <= after.items()
    assert changeable.outs() == wanted


def test_a_damaged_run_is_told_and_run_again(changeable: Study) -> None:
    wanted = changeable.outs()
    shutil.rmtree(changeable.folder / CACHE)
    changeable.run(*RUN)
    path = next((changeable.folder / CACHE).glob("*.npz"))
    path.write_bytes(path.read_bytes()[:-40])
    done = changeable.run(*RUN)
    assert f"{CACHE}/{path.name} is not used: " in done.stderr
    assert changeable.outs() == wanted


def test_runs_of_other_settings_are_not_used_and_go(changeable: Study) -> None:
    before = finished_runs(changeable.folder)
    settings = {**SETTINGS, "train": {**SETTINGS["train"], "epochs": 6}}
    small.write_params(changeable.reports / "params.yaml", settings)
    changeable.run(*RUN)
    after = finished_runs(changeable.folder)
    assert len(after) == len(before)
    assert not set(before) & set(after)


def test_the_pipeline_does_not_care_whether_the_digits_are_there(changeable: Study) -> None:
    before = changeable.run("dvc", "status", "dvc.yaml").stdout
    shutil.rmtree(changeable.folder / "data/raw/mnist")
    assert changeable.run("dvc", "status", "dvc.yaml").stdout == before
