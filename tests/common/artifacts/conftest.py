from pathlib import Path

import pytest


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty project folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
