"""Copies of the project made in other ways than a plain clone, and `make` under a Git hook."""

import os
from pathlib import Path

import pytest

from tests import processes
from tests.scratch import ROOT, Scratch, environment

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no Git repository")

PRINT = "told:\n\t@env\n"


def test_line_ends_are_those_committed_whatever_the_user_set(tmp_path: Path) -> None:
    made = Scratch(tmp_path / "made")
    (made.folder / "data").mkdir(parents=True)
    attributes = (ROOT / ".gitattributes").read_bytes()
    files = {".gitattributes": attributes, "code.py": b"a\nb\n", "data/rows.csv": b"a\r\nb\r\n"}
    for name, content in files.items():
        (made.folder / name).write_bytes(content)
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit("Files of either kind")
    for setting in ("true", "input"):
        clone = made.clone(tmp_path / setting, f"--config=core.autocrlf={setting}")
        assert {name: (clone.folder / name).read_bytes() for name in files} == files
        assert clone.git("status", "--porcelain") == ""


def test_dvc_is_told_to_do_without_git_in_an_archive_alone(tmp_path: Path) -> None:
    made = Scratch(tmp_path / "made")
    (made.folder / ".dvc").mkdir(parents=True)
    for name in (".gitattributes", ".dvc/config"):
        (made.folder / name).write_bytes((ROOT / name).read_bytes())
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit("What decides it")
    archived = tmp_path / "archived"
    archived.mkdir()
    made.git("archive", "--output", str(tmp_path / "a.tar"), "HEAD")
    processes.run(("tar", "--extract", "--file", tmp_path / "a.tar", "--directory", archived))
    told = [made.folder, archived]
    configs = [(folder / ".dvc/config").read_text().splitlines() for folder in told]
    assert ["    no_scm = true" in lines for lines in configs] == [False, True]


@pytest.mark.parametrize(("where", "without"), [("repository", False), ("folder", True)])
def test_make_starts_nothing_in_the_callers_repository(
    where: str, without: bool, tmp_path: Path
) -> None:
    scratch = Scratch(tmp_path / where)
    scratch.folder.mkdir()
    if where == "repository":
        scratch.git("init", "--quiet")
    (scratch.folder / "print.mk").write_text(PRINT)
    caller = {"GIT_INDEX_FILE": "index.lock", "GIT_PREFIX": ""}
    done = processes.run(
        ("make", "--file", ROOT / "Makefile", "--file", "print.mk", "told"),
        cwd=scratch.folder,
        env=environment(tmp_path / "home") | caller | {"PATH": os.environ["PATH"]},
    )
    given = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    assert given.keys().isdisjoint(caller)
    own = str(scratch.folder / ".dvc/without-git")
    assert (given.get("DVC_SYSTEM_CONFIG_DIR") == own) is without
