"""Which commits are compared: those that are named, or the one that the working copy is of."""

from pathlib import Path

import pytest

from stages.common.errors import DigitsError
from stages.tools.compare import commits
from stages.tools.compare.commits import Chosen
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


def baseline(revision: str | None) -> Chosen:
    """Return what the working copy is compared with, under --baseline or not."""
    return commits.choose([], revision)[0]


def test_on_main_it_is_the_parent(repository: Scratch) -> None:
    assert baseline(None)[:2] == (repository.git("rev-parse", "HEAD^"), "parent of HEAD")


def test_on_main_with_changes_it_is_head(repository: Scratch) -> None:
    (repository.folder / "new").write_text("Git does not track it, so it is no change")
    assert baseline(None).chosen == "parent of HEAD"
    (repository.folder / "file").write_text("third")
    assert baseline(None).sha == repository.git("rev-parse", "HEAD")


def test_on_a_branch_it_is_the_merge_base(repository: Scratch) -> None:
    base = repository.git("rev-parse", "HEAD")
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.commit("On the branch")
    repository.git("checkout", "--quiet", "main")
    repository.commit("Main goes on")
    repository.git("checkout", "--quiet", "feature")
    assert baseline(None)[:2] == (base, "merge base with main")
    (repository.folder / "file").write_text("a change does not change that")
    assert baseline(None).sha == base


def test_without_a_local_main_it_is_that_of_origin(
    repository: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = repository.git("rev-parse", "HEAD")
    clone = repository.clone(tmp_path / "clone")
    clone.git("checkout", "--quiet", "--detach")
    clone.git("branch", "--quiet", "--delete", "main")
    clone.commit("As CI has it: no branch at all")
    monkeypatch.chdir(clone.folder)
    assert baseline(None)[:2] == (base, "merge base with origin/main")


def test_without_any_main_one_must_be_named(repository: Scratch) -> None:
    repository.git("branch", "--quiet", "--move", "main", "trunk")
    with pytest.raises(DigitsError, match="--baseline REV"):
        baseline(None)
    assert baseline("HEAD").chosen == "HEAD"


def test_without_a_common_commit_there_is_none(repository: Scratch) -> None:
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit("Another beginning")
    with pytest.raises(DigitsError, match="have no commit in common"):
        baseline(None)


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DigitsError, match=r"not a git repository.*A download has none"):
        baseline(None)


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
        assert baseline(revision).chosen == chosen
    else:
        with pytest.raises(DigitsError, match="git fetch --unshallow"):
            baseline(revision)


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
        baseline(None)
    clone.git("fetch", "--quiet", "--unshallow")
    assert baseline(None).sha == repository.git("rev-parse", "main~3")


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        (["HEAD^"], "HEAD^", None),
        (["HEAD^", "HEAD"], "HEAD^", "HEAD"),
        (["first", "main"], "HEAD^", "HEAD"),
        (["HEAD~1..main"], "HEAD^", "HEAD"),
        (["first.."], "HEAD^", "HEAD"),
        (["..first"], "HEAD", "HEAD^"),
        (["first...HEAD"], "HEAD^", "HEAD"),
        (["HEAD...first"], "HEAD^", "HEAD^"),
        ([":/dots..dots"], "HEAD^", None),
    ],
)
def test_commits_are_named_as_for_git_diff(
    words: list[str], before: str, after: str | None, repository: Scratch
) -> None:
    repository.git("tag", "first", "HEAD^")
    if "dots" in words[0]:
        repository.commit("A message with dots..dots")
        repository.commit("Another")
    found = commits.choose(words, None)
    assert found[0].sha == repository.git("rev-parse", before)
    assert found[1].is_commit is (after is not None)
    assert found[1].sha == repository.git("rev-parse", after or "HEAD")


@pytest.mark.parametrize(
    ("words", "option", "told"),
    [
        (["HEAD", "HEAD", "HEAD"], None, "cannot compare 3 commits: name two, as A B or A..B"),
        (["HEAD"], "HEAD", "name the baseline once"),
        (["HEAD..", "HEAD"], None, "unknown revision 'HEAD..'"),
        (["nowhere..HEAD"], None, "unknown revision 'nowhere'"),
        (["HEAD..nowhere"], None, "unknown revision 'nowhere'"),
        ([".."], None, "unknown revision '..'"),
        (["..."], None, "unknown revision '...'"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_what_names_no_two_commits(words: list[str], option: str | None, told: str) -> None:
    with pytest.raises(DigitsError) as refused:
        commits.choose(words, option)
    assert told in str(refused.value)
