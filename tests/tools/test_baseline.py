"""Which commit is the baseline, where none is given."""

from pathlib import Path

import pytest

from stages.common.errors import DigitsError
from stages.tools.compare import baseline
from tests.tools.scratch import IDENTITY, Scratch


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    """A repository of two commits on main, as the current folder."""
    made = Scratch(tmp_path / "repository")
    made.folder.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    (made.folder / "file").write_text("first")
    made.commit("First")
    (made.folder / "file").write_text("second")
    made.commit("Second")
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(made.folder)
    return made


def test_on_main_it_is_the_parent(repository: Scratch) -> None:
    assert baseline.choose(None) == (repository.git("rev-parse", "HEAD^"), "parent of HEAD")


def test_on_main_with_changes_it_is_head(repository: Scratch) -> None:
    (repository.folder / "new").write_text("Git does not track it, so it is no change")
    assert baseline.choose(None).chosen == "parent of HEAD"
    (repository.folder / "file").write_text("third")
    assert baseline.choose(None).sha == repository.git("rev-parse", "HEAD")


def test_on_a_branch_it_is_the_merge_base(repository: Scratch) -> None:
    base = repository.git("rev-parse", "HEAD")
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.commit("On the branch")
    repository.git("checkout", "--quiet", "main")
    repository.commit("Main goes on")
    repository.git("checkout", "--quiet", "feature")
    assert baseline.choose(None) == (base, "merge base with main")
    (repository.folder / "file").write_text("a change does not change that")
    assert baseline.choose(None).sha == base


def test_without_a_local_main_it_is_that_of_origin(
    repository: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = repository.git("rev-parse", "HEAD")
    clone = repository.clone(tmp_path / "clone")
    clone.git("checkout", "--quiet", "--detach")
    clone.git("branch", "--quiet", "--delete", "main")
    clone.commit("As CI has it: no branch at all")
    monkeypatch.chdir(clone.folder)
    assert baseline.choose(None) == (base, "merge base with origin/main")


def test_without_any_main_one_must_be_named(repository: Scratch) -> None:
    repository.git("branch", "--quiet", "--move", "main", "trunk")
    with pytest.raises(DigitsError, match="--baseline REV"):
        baseline.choose(None)
    assert baseline.choose("HEAD").chosen == "HEAD"


def test_without_a_common_commit_there_is_none(repository: Scratch) -> None:
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit("Another beginning")
    with pytest.raises(DigitsError, match="have no commit in common"):
        baseline.choose(None)


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DigitsError, match="not a git repository"):
        baseline.choose(None)
