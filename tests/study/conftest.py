"""One small study for all tests, made through DVC; and copies of it to change."""

from pathlib import Path

import pytest

from tests.scratch import Share
from tests.study import small
from tests.study.small import STUDY_FILE, Study


@pytest.fixture(scope="session")
def study(share: Share) -> Study:
    """The study on few digits, which has run; no test may change it."""

    def run(folder: Path) -> None:
        made = small.make(folder)
        made.module("stages.study.run")
        made.dvc("commit", "--force", STUDY_FILE)

    return Study(share("study", run))


@pytest.fixture
def changeable(study: Study, tmp_path: Path) -> Study:
    """A copy of the study that has run."""
    return study.copy(tmp_path / "copy")
