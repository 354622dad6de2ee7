"""What we start under a Git hook: it works on its own repository, never on the caller's index."""

import ast
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stages.common import environment
from tests.scratch import ROOT, Scratch

# Trains nothing: in place of DVC it writes down the environment that DVC would have.
HOOK = """#!{python}
import sys
sys.path.insert(0, {root!r})
from stages.study import provenance
from stages.tools import git, rerun
from stages.tools.compare import commits, retrained
from stages.tools.project_files import Tree
rerun._REPRO = ("-c", "import json, os; json.dump(dict(os.environ), open({told!r}, 'w'))")
with git.blobs() as blobs, retrained.retrained(Tree(commits.choose([], "HEAD")[0].sha, blobs, "")):
    assert git.has_changes() == {changed} and provenance.commit(())["commit"]
"""
STARTERS = {"subprocess.run", "subprocess.Popen", "subprocess.check_output", "os.system"}
HOOKS = ("pre-commit", "pre-push", "post-merge")


@pytest.fixture
def repository(tmp_path: Path) -> Scratch:
    """A small repository on main, with a branch to merge, a bare remote, and a stash."""
    made = Scratch(tmp_path / "repository")
    for name, text in {
        "dvc.yaml": "stages: {}",
        "params.yaml": "{}",
        ".dvc/config": "",
        "a": "1\n" * 9,
    }.items():
        (made.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (made.folder / name).write_text(text)
    (made.folder / "params.yaml").write_text("ingest: {source: a}")
    (made.folder / "b").write_text("1\n")
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit("First")
    made.git("init", "--quiet", "--bare", str(tmp_path / "remote"))
    made.git("checkout", "--quiet", "-b", "side")
    (made.folder / "c").write_text("of the branch\n")
    made.commit("On the branch")
    made.git("checkout", "--quiet", "main")
    (made.folder / "b").write_text("stashed\n")
    made.git("stash", "--quiet")
    return made


def commit_all(made: Scratch) -> None:
    (made.folder / "a").write_text("2\n" * 9)
    made.git("commit", "--quiet", "--all", "--message", "All")


def commit_path(made: Scratch) -> None:
    for name in ("a", "b"):
        (made.folder / name).write_text("2\n")
    made.git("add", "b")
    made.git("commit", "--quiet", "--message", "A path", "a")


def commit_part(made: Scratch) -> None:
    (made.folder / "a").write_text("2\n" + "1\n" * 8)
    made.git("add", "a")
    (made.folder / "a").write_text("2\n" + "1\n" * 7 + "2\n")
    made.git("commit", "--quiet", "--message", "The staged part")


def push(made: Scratch) -> None:
    made.git("push", "--quiet", str(made.folder.parent / "remote"), "main")


def merge(made: Scratch) -> None:
    made.git("merge", "--quiet", "side")


# What Git is asked to do, whether HEAD and the working copy differ meanwhile, what the last
# commit then holds, and what differs from it.
CASES: list[tuple[Callable[[Scratch], None], bool, set[str], str]] = [
    (commit_all, True, {"a"}, ""),
    (commit_path, True, {"a"}, "M  b"),
    (commit_part, True, {"a"}, " M a"),
    (push, False, {"dvc.yaml", "params.yaml", ".dvc/config", "a", "b"}, ""),
    (merge, False, {"c"}, ""),
]


@pytest.mark.parametrize(("act", "changed", "holds", "status"), CASES)
def test_a_hook_leaves_the_callers_repository_as_it_was(
    act: Callable[[Scratch], None],
    changed: bool,
    holds: set[str],
    status: str,
    repository: Scratch,
    tmp_path: Path,
) -> None:
    told = tmp_path / "told.json"
    words = {"python": sys.executable, "root": str(ROOT), "told": str(told), "changed": changed}
    for name in HOOKS:
        hook = repository.folder / ".git/hooks" / name
        hook.write_text(HOOK.format(**words))
        hook.chmod(0o755)
    stashed = repository.git("stash", "list")
    act(repository)
    assert set(repository.git("show", "--name-only", "--format=").splitlines()) == holds
    assert repository.attempt("git", "status", "--porcelain").stdout.rstrip("\n") == status
    assert repository.git("stash", "list") == stashed
    assert repository.git("worktree", "list").count("\n") == 0
    given = json.loads(told.read_text())
    local = repository.git("rev-parse", "--local-env-vars").split()
    assert [name for name in local if name in given] == []


def test_what_ties_git_to_its_caller_goes_and_configuration_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, "of the caller")
        assert name not in environment.own()
    for name in ("GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_SSH_COMMAND", "HOME"):
        monkeypatch.setenv(name, "of the user")
        assert environment.own()[name] == "of the user"


def test_every_process_of_ours_is_given_its_environment() -> None:
    calls = [
        (path.name, call.lineno, {keyword.arg for keyword in call.keywords})
        for path in (ROOT / "stages").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in STARTERS
    ]
    assert calls
    assert [(name, line) for name, line, given in calls if "env" not in given] == []
