"""The small files that Git keeps."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.artifacts import reports
from tests.common.shared import share

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers()
CONTENT = st.recursive(NUMBERS, lambda inner: st.dictionaries(st.text(), inner), max_leaves=8)


@share(0.3)
@given(content=st.dictionaries(st.text(), CONTENT))
def test_json_keeps_every_digit(content: dict[str, Any], tmp_path_factory: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "numbers.json"
    reports.write_json(path, content)
    assert json.loads(path.read_text(encoding="utf-8")) == content


def test_json_is_laid_out_for_git(tmp_path: Path) -> None:
    reports.write_json(tmp_path / "a.json", {"test": {"cost": 0.5}})
    assert (tmp_path / "a.json").read_bytes() == b'{\n  "test": {\n    "cost": 0.5\n  }\n}\n'


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_json_has_no_word_for_it(number: float, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        reports.write_json(tmp_path / "a.json", {"cost": number})
    assert list(tmp_path.iterdir()) == []


def test_text_is_utf_8_with_its_own_line_ends(tmp_path: Path) -> None:
    reports.write_text(tmp_path / "a.csv", "größe\n1\r\n")
    assert (tmp_path / "a.csv").read_bytes() == b"gr\xc3\xb6\xc3\x9fe\n1\r\n"
