"""The whole pipeline: it runs once, and always gives the same bytes."""

import pytest

from tests.pipeline.declared import STAGES
from tests.scratch import Scratch


def test_a_second_run_does_nothing(project: Scratch) -> None:
    assert project.repro() == []
    assert project.git("status", "--porcelain") == ""


@pytest.mark.whole  # `digits verify` does it for every push
def test_a_forced_run_gives_the_same_bytes(project: Scratch) -> None:
    before = project.contents()
    assert tuple(project.repro("--force")) == STAGES
    assert project.contents() == before
    assert project.git("status", "--porcelain") == ""
