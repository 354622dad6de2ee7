"""The benchmark's picture names what it ran with."""

import json
from pathlib import Path

import numpy as np

from tests.benchmarks.batches_figure import draw_batches, told_time
from tests.benchmarks.figure import draw
from tests.common.shared import REPOSITORY
from tests.figures.made import assert_legible, texts_of

RESULTS = json.loads((REPOSITORY / Path("reports/benchmark/results.json")).read_text())


def test_the_committed_results_as_a_picture() -> None:
    figure = draw(RESULTS)
    assert_legible(figure, 1500)
    told = " ".join(texts_of(figure))
    made = RESULTS["machine"]
    for setting in (
        RESULTS["job"],
        f"{RESULTS['rounds']} rounds of {RESULTS['epochs']} epochs",
        f"{made['cores']} cores of {made['processor']}",
        made["date"],
        *made["BLAS of NumPy"],
        *(f"{name} {version}" for name, version in made["versions"].items()),
    ):
        assert setting in told


def test_a_peer_that_is_missing_is_left_out_and_no_setting_is_said_to_be_none() -> None:
    row = RESULTS["scales"]["255"]["this project"]
    table = {"this project, reproducible": row, "PyTorch": row, "JAX": {"missing": "jax"}}
    machine = RESULTS["machine"] | {"BLAS settings": "none"}
    figure = draw(RESULTS | {"scales": {"255": table}, "machine": machine})
    assert_legible(figure, 1500)
    times, _ = figure.axes
    names = [name.get_text() for name in times.get_yticklabels()]
    assert names == ["this project, reproducible", "PyTorch"]
    assert any(text.endswith("its settings: none") for text in texts_of(figure))
    assert np.asarray(times.lines[0].get_xdata()).tolist() == [row["median_ms"]]


def test_the_committed_times_of_mini_batches_as_a_picture() -> None:
    figure = draw_batches(RESULTS)
    assert_legible(figure, 1500)
    told = texts_of(figure)
    assert len(figure.axes) == len(RESULTS["mini_batches"])
    assert any(text.startswith(RESULTS["job"]) for text in told)
    for job in RESULTS["mini_batches"]:
        for row in job["table"]:
            assert told_time(row["median_ms"]) in told
            assert row["name"] + ("" if row["way"] == "plain" else f", {row['way']}") in told
