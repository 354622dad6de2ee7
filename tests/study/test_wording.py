"""How numbers come into the texts of a study."""

import pytest

from stages.common.errors import DigitsError
from stages.study import wording


def test_shares_are_written_as_these_texts_do() -> None:
    assert wording.fill("{a:.2%} ± {a:.1points} {b[c]:,}", {"a": 0.12345, "b": {"c": 30000}}) == (
        "12.35 % ± 12.3 30,000"
    )


@pytest.mark.parametrize("text", ["{missing}", "{run[missing]}", "{run:.1%}"])
def test_a_text_with_no_such_number_is_refused(text: str) -> None:
    with pytest.raises(DigitsError, match="names no number of its results"):
        wording.fill(text, {"run": {}})
