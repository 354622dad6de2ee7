"""Whether time grows no faster than the rows, and what the page says of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from stages.figures.style import plain, to_png
from tests.benchmarks.scale_figure import draw
from tests.benchmarks.scale_report import BEGIN, END, costs, replaced, verdict

ROOT = Path(__file__).parents[2]
SIZES = ("30000", "300000", "3000000")


def of(times: list[float], spread: float = 0.0) -> dict[str, Any]:
    """Return what a stage takes on the three sizes."""
    return {
        rows: {
            "median_s": time, "min_s": time, "max_s": time + spread, "work_s": time, "peak_MiB": 9,
        }
        for rows, time in zip(SIZES, times, strict=True)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("times", "spread", "words"),
    [
        ([1.0, 2.0, 12.0], 0.1, "1.00: met"),
        ([1.0, 2.0, 12.9], 0.1, "1.09: met"),
        ([1.0, 2.0, 13.1], 0.1, "1.11: missed"),
        ([1.0, 0.9, 13.1], 0.1, "inf: missed"),
        ([1.0, 0.9, 1.05], 0.2, "constant"),
    ],
)
def test_time_is_linear_where_a_row_costs_no_more(
    times: list[float], spread: float, words: str
) -> None:
    assert verdict(of(times, spread)) == words


def test_a_row_costs_what_more_of_them_take() -> None:
    assert costs(of([1.0, 2.35, 15.85])) == pytest.approx([5e-6, 5e-6])


def test_the_page_and_the_picture_of_some_results() -> None:
    machine = {"cores": 2, "processor": "P", "date": "2026-01-01", "system": "Linux"}
    stages = {"ingest": of([1.0, 2.0, 12.0]), "plot": of([3.0, 3.0, 3.1], 0.5)}
    results = {"machine": machine, "rounds": 3, "epochs": 3, "stages": stages}
    page = replaced(f"before\n{BEGIN}old\n{END}after\n", results)
    assert page.startswith(f"before\n{BEGIN}Measured on 2 cores of P (2026-01-01)")
    assert page.endswith(f"{END}after\n")
    assert (
        "| `ingest` | 1.00 s | 2.00 s | 12.00 s | 3.70 | 3.70 | 1.00: met | 1.00 | 9 MiB |" in page
    )
    assert "old" not in page
    with plain():
        assert to_png(draw(results)).startswith(b"\x89PNG")


def test_the_page_has_the_numbers_of_the_record() -> None:
    record = ROOT / "reports/benchmark/scale.json"
    results: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    page = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
    assert page == replaced(page, results)
