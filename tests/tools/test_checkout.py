"""A commit's files in a folder of their own: byte for byte, with its inputs and no result."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from stages.common.errors import DigitsError
from stages.tools import git, recorded
from stages.tools.checkout import checked_out
from stages.tools.project_files import Tree
from tests.scratch import Scratch

FILES = {
    "dvc.yaml": "stages: {one: {cmd: x, deps: ['${ingest.source}'], outs: [made: {cache: false}]}}",
    "dvc.lock": "stages: {}",
    "made/old.txt": "a result that Git has",
    ".gitattributes": "* text eol=crlf\nhidden export-ignore\n",
    "hidden": "two\nlines\n",
    "a name\twith ü": "x",
}


def commit(folder: Path, source: str) -> Scratch:
    """Make a repository whose pipeline reads a source."""
    made = Scratch(folder)
    for name, content in (FILES | {"params.yaml": f"ingest: {{source: {source}}}"}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    (folder / "run.sh").write_text("exit 0\n")
    (folder / "run.sh").chmod(0o755)
    (folder / "link").symlink_to("hidden")
    made.git("init", "--quiet")
    made.commit("A pipeline")
    return made


def test_it_is_as_in_git_without_lock_and_outs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = commit(tmp_path / "project", "../beside")
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside/images").write_bytes(b"of the working copy")
    monkeypatch.chdir(made.folder)
    with git.blobs() as blobs:
        tree = Tree(made.git("rev-parse", "HEAD"), blobs, "")
        with checked_out(tree, recorded.declared(tree)) as project:
            kept = project.parent
            found = {path.name for path in project.iterdir()}
            extra = {"params.yaml", "run.sh", "link", ".dvc"}
            assert found == {*FILES, *extra} - {"dvc.lock", "made/old.txt"}
            assert (project / "hidden").read_bytes() == b"two\nlines\n"
            assert (project / "link").readlink() == Path("hidden")
            assert (project / "run.sh").stat().st_mode & 0o111
            assert not (project / "hidden").stat().st_mode & 0o111
            assert (project / "../beside/images").resolve().read_bytes() == b"of the working copy"
    assert not kept.exists()


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("nowhere", "reads nowhere, which is neither in Git nor here"),
        ("/nowhere/at all", "reads /nowhere/at all, which is neither in Git nor here"),
        ("../../beside", "it can be run again from an absolute path only"),
    ],
)
def test_an_input_that_cannot_be_brought(
    source: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = commit(tmp_path / "inner/project", source)
    (tmp_path / "beside").touch()
    monkeypatch.chdir(made.folder)
    with git.blobs() as blobs, ExitStack() as stack:
        tree = Tree(made.git("rev-parse", "HEAD"), blobs, "")
        with pytest.raises(DigitsError) as refused:
            stack.enter_context(checked_out(tree, recorded.declared(tree)))
    assert told in str(refused.value)
