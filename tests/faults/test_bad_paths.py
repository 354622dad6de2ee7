"""Sources that are no file or folder of digits at all, and names that are strange."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.refused import Ingest, assert_good_rows, assert_refused
from tests.faults.sources import good_lines, joined, parquet_bytes, table_of, write_files
from tests.faults.stages import Outcome, run_unprivileged, write_params


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


BAD_PATHS: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda _: None, "does not exist"),
    "an empty folder": (Path.mkdir, "holds no digits: nothing; expected MNIST's IDX files"),
    "a folder of other files": (
        lambda path: write_files(path, {"a.md": b"# Digits", "b.md": b"# More"}),
        "holds no digits: only 'a.md', 'b.md'",
    ),
    "a folder of two kinds": (
        lambda path: write_files(
            path, {"a.csv": joined(good_lines(10)), "b.parquet": parquet_bytes(table_of(10))}
        ),
        "several files that could be meant: 'a.csv', 'b.parquet'",
    ),
    "a pipe": (make_fifo, "neither a file nor a folder"),
    "a socket": (make_socket, "neither a file nor a folder"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "neither a file nor a folder"),
    "a broken link": (lambda path: path.symlink_to("nowhere"), "does not exist"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "symbolic links"),
}


@pytest.mark.parametrize("kind", BAD_PATHS)
def test_no_file_at_all(kind: str, ingest: Ingest) -> None:
    make, says = BAD_PATHS[kind]
    make(Path("source"))
    assert_refused(ingest("source"), "source", [says])


@pytest.mark.parametrize("source", ["data/digits.parquet/x", "a\0b", "x" * 5000, "a\nb"])
def test_no_path_at_all(source: str, ingest: Ingest) -> None:
    assert_refused(ingest(source), "ingest.source", [])


def test_without_read_permission(open_folder: Path) -> None:
    secret = open_folder / "secret.csv"
    secret.write_bytes(joined(good_lines(10)))
    secret.chmod(0)
    write_params(open_folder, ingest__source="secret.csv")
    code, (message,) = run_unprivileged("ingest", open_folder)
    assert code == 1
    assert "secret.csv" in message
    assert "Permission denied" in message


NAMES_OF_FILES = ["mes données/träin (1).csv", "数字.csv", "a 'b' \"c\".csv", "$(touch x);&.csv"]


@pytest.mark.parametrize("name", NAMES_OF_FILES)
def test_a_path_with_spaces_and_other_letters(name: str, ingest: Ingest) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_bytes(joined(good_lines(10)))
    assert ingest(name) == Outcome(0, [])
    assert_good_rows(10)
