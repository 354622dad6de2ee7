"""The whole pipeline: it runs once, and always gives the same bytes."""

from tests.pipeline.project import STAGES, Project


def test_a_second_run_does_nothing(project: Project) -> None:
    assert project.repro() == []
    assert project.git("status", "--porcelain") == ""


def test_a_forced_run_gives_the_same_bytes(project: Project) -> None:
    before = project.contents()
    assert tuple(project.repro("--force")) == STAGES
    assert project.contents() == before
    assert project.git("status", "--porcelain") == ""
