from pathlib import Path

import pytest

from tests.stages.made import put_params


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project folder, the current one, that holds the default params and no data."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DIGITS_DEBUG", raising=False)
    put_params()
    return tmp_path
