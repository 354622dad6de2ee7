from pathlib import Path

import pytest

from tests.stages import resumable
from tests.stages.made import put_params


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project folder, the current one, that holds the default params and no data."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DIGITS_DEBUG", raising=False)
    put_params()
    return tmp_path


@pytest.fixture
def resumable_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project folder, the current one, with what training reads."""
    monkeypatch.chdir(tmp_path)
    resumable.put_project(tmp_path)
    return tmp_path
