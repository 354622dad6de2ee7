"""Which commit is the baseline, where none is given."""

from pathlib import Path

import pytest

from stages.common.errors import DigitsError
from stages.tools.compare import baseline
from tests.scratch import IDENTITY, Scratch


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
    with pytest.raises(DigitsError, match=r"not a git repository.*A download has none"):
        baseline.choose(None)


@pytest.mark.parametrize(
    ("depth", "revision", "chosen"),
    [(1, "HEAD", "HEAD"), (1, None, None), (1, "HEAD^", None), (2, None, "parent of HEAD")],
)
def test_a_shallow_clone_is_refused_only_where_it_lacks_the_commit(
    depth: int,
    revision: str | None,
    chosen: str | None,
    repository: Scratch,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository.commit("Third")
    monkeypatch.chdir(repository.clone(tmp_path / "clone", f"--depth={depth}").folder)
    if chosen:
        assert baseline.choose(revision).chosen == chosen
    else:
        with pytest.raises(DigitsError, match="git fetch --unshallow"):
            baseline.choose(revision)


def test_a_merge_base_that_a_shallow_clone_cannot_be_sure_of(
    repository: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The branch took main in twice; cut after two commits, only the older merge would be found.
    repository.git("checkout", "--quiet", "-b", "feature")
    for number in range(2):
        repository.git("checkout", "--quiet", "main")
        repository.commit(f"Main {number}")
        repository.git("checkout", "--quiet", "feature")
        repository.git("merge", "--quiet", "--no-ff", "--message", f"Merge {number}", "main")
        repository.commit(f"Feature {number}")
    repository.git("checkout", "--quiet", "main")
    for number in range(3):
        repository.commit(f"Main after {number}")
    repository.git("checkout", "--quiet", "feature")
    clone = repository.clone(tmp_path / "clone", "--depth=3", "--no-single-branch")
    monkeypatch.chdir(clone.folder)
    with pytest.raises(DigitsError, match="git fetch --unshallow"):
        baseline.choose(None)
    clone.git("fetch", "--quiet", "--unshallow")
    assert baseline.choose(None).sha == repository.git("rev-parse", "main~3")
