"""The texts about speed have the numbers that were measured last."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.report import replaced, to_markdown

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "reports/benchmark"


@pytest.fixture
def results() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((REPORTS / "results.json").read_text(encoding="utf-8"))
    return found


def test_the_report_has_the_numbers_of_the_results(results: dict[str, Any]) -> None:
    assert (REPORTS / "README.md").read_text(encoding="utf-8") == to_markdown(results)


def test_the_page_has_the_numbers_of_the_results(results: dict[str, Any]) -> None:
    page = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
    assert page == replaced(page, results)
