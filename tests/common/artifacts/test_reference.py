"""The blog post's published cost curve."""

import csv
from pathlib import Path

import pytest

from stages.common.artifacts import reference
from tests.common.shared import REPOSITORY, message_of

PATH = Path("data/reference/post-cost-curve.csv")


def test_the_post_published_500_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    costs = reference.read_post_costs()
    assert costs.shape == (500,)
    # The two that the post itself prints, with the digits that it prints.
    assert costs[0] == pytest.approx(2.5065865, abs=5e-8)
    assert costs[-1] == pytest.approx(0.4389842, abs=5e-8)


def test_its_epochs_count_from_1() -> None:
    with (REPOSITORY / PATH).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["epoch"]) for row in rows] == list(range(1, 501))


@pytest.mark.parametrize("content", [None, "", "epoch,cost\n", "epoch,cost\n1,two\n", "epoch\n1\n"])
def test_a_file_without_them_is_refused(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    PATH.parent.mkdir(parents=True)
    if content is not None:
        PATH.write_text(content)
    assert str(PATH) in message_of(reference.read_post_costs)
