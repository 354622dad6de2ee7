"""What can be wrong with a cluster: each is one line, and what was written is gone."""

import logging
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from stages.cluster import connecting, piece_files
from stages.cluster.asked import Asked
from stages.common.errors import DigitsError
from tests.cluster.clusters import (
    Training,
    at,
    cluster,
    distributed,
    end,
    scheduler,
    worker,
)
from tests.scratch import ROOT

POST = Training({})


@pytest.fixture(scope="module")
def here() -> Iterator[str]:
    with threadpool_limits(1, "blas"), cluster(2) as address:
        yield address


def refusal(training: Training, address: str, data: Path | str, wait: int = 20) -> str:
    """Return what a training is refused with."""
    with pytest.raises(DigitsError) as caught:
        end(training.run(training.place(at(address, data, wait=wait))))
    return str(caught.value)


def test_no_scheduler(tmp_path: Path) -> None:
    told = refusal(POST, "tcp://127.0.0.1:9", tmp_path, wait=1)
    assert told.startswith("no scheduler answers at DIGITS_CLUSTER tcp://127.0.0.1:9: ")


def test_a_kind_of_address_that_nobody_knows(here: str) -> None:
    assert "cannot write DIGITS_CLUSTER_DATA: Protocol not known" in refusal(
        POST, here, "no://where"
    )


def test_an_address_that_nobody_can_write() -> None:
    X, Y = np.zeros((3, 4), np.uint8), np.eye(3, 10, dtype=np.uint8)
    with (
        pytest.raises(DigitsError, match="cannot write DIGITS_CLUSTER_DATA: NotImplementedError;"),
        piece_files.written(X, Y, "http://127.0.0.1:9/pieces", 2),
    ):
        pass


@pytest.mark.parametrize("name", ["distributed.client", "distributed.scheduler", "tornado"])
def test_dask_says_nothing_beside_the_one_line(here: str, name: str) -> None:
    with connecting.connected(at(here, "")):
        assert not logging.getLogger(name).isEnabledFor(logging.CRITICAL)


def test_a_folder_that_is_a_file(here: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot write DIGITS_CLUSTER_DATA: " in refusal(POST, here, tmp_path / "file/more")


def test_a_disk_without_room(here: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, wanted: int) -> None:
        raise DigitsError(f"cannot write {path}: {wanted} bytes are needed")

    monkeypatch.setattr(piece_files, "refuse_no_room", refuse)
    assert f"{400 * 785} bytes are needed" in refusal(POST, here, tmp_path)
    assert not [*tmp_path.iterdir()]


def test_a_disk_that_is_full_in_the_middle(
    here: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = piece_files._write

    def write(*arguments: object) -> object:
        if arguments[3]:
            raise OSError(28, "No space left on device")
        return whole(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(piece_files, "_write", write)
    assert "No space left on device" in refusal(POST, here, tmp_path)
    assert not [*tmp_path.iterdir()]


def test_a_piece_that_is_not_what_was_written(
    here: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = piece_files._write

    def write(*arguments: object) -> object:
        piece = whole(*arguments)  # type: ignore[arg-type]
        Path(piece.url).write_bytes(b"else")
        return piece

    monkeypatch.setattr(piece_files, "_write", write)
    assert "its SHA-256 is another" in refusal(POST, here, tmp_path)
    assert not [*tmp_path.iterdir()]


def test_a_path_that_a_worker_cannot_read_and_one_of_other_code(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(ROOT / "stages", folder / "stages")
    with scheduler(tmp_path) as (address, _):
        with worker(address):
            told = refusal(POST, address, "memory://here")  # of each process its own
            assert "cannot read " in told
            assert "the worker at tcp://127.0.0.1:" in told
        with (folder / "stages/network/cost.py").open("a") as file:
            file.write("# changed\n")
        with worker(address, folder=folder):
            assert "the project's code with fingerprint" in refusal(POST, address, tmp_path)


@pytest.mark.whole
def test_one_of_other_code_that_comes_late_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, steps = tmp_path / "copy", Training({"batch_rows": 10})
    shutil.copytree(ROOT / "stages", folder / "stages")
    (folder / "stages/network/cost.py").write_text("# changed\n", encoding="utf-8")
    with scheduler(tmp_path) as (address, _), worker(address):
        course = steps.run(steps.place(at(address, tmp_path)))
        progress = [next(course)]
        with worker(address, folder=folder), distributed.Client(address) as client:
            client.wait_for_workers(2)
            time.sleep(1.1)  # until it is looked for again
            progress += course
    assert end(iter(progress)) == end(steps.run())
    assert " is left out: it " in capsys.readouterr().err


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_floats_have_their_bytes_on_any_number_of_workers(
    precision: str,
    here: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("stages.cluster.engaged.ARRANGED_ROWS", 90)
    training = Training({"precision": precision, "batch_rows": 150})
    two = end(training.run(training.place(at(here, tmp_path))))
    assert (
        "the last bits depend on how rows are cut, here into pieces of" in capsys.readouterr().err
    )
    with cluster(1) as address:
        assert end(training.run(training.place(at(address, tmp_path)))) == two


def test_workers_here_that_end_while_they_start(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def fail(**_: object) -> None:
        tries.append(1)
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr(connecting, "LocalCluster", fail)
    with (
        pytest.raises(DigitsError, match="local:2: workers end while they start: Nanny failed"),
        connecting.connected(Asked(2, "local:2", "", None, 1)),
    ):
        pass
    assert len(tries) > 1
