"""digits fetch, against servers on this machine: a good one, and all kinds of bad ones."""

import gzip
import hashlib
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from stages.common import checksums
from stages.common.errors import DigitsError
from stages.sources import idx_folder
from stages.tools import fetch, main
from stages.tools.fetch import FOLDER, Source
from tests.tools.mirrors import Handler, Quiet, Server

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("DIGITS_DATA", ROOT / "../shared/data")) / "mnist"
FILES = {
    f"{name}.gz": gzip.compress(name.encode() * 5000, mtime=0) for name in ("one", "two", "three")
}
HASHES = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
QUICK = 0.3  # seconds to wait for a server that keeps silent


@pytest.fixture
def server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Server]:
    """Serve small files, or those of a parameter, while the test runs in an empty project."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(fetch, "_PAUSE_SECONDS", 0.01)
    Path("dvc.yaml").touch()
    checksums.MNIST.parent.mkdir(parents=True)
    checksums.MNIST.write_bytes((ROOT / checksums.MNIST).read_bytes())
    asked: Counter[str] = Counter()
    over = threading.Event()
    files = getattr(request, "param", FILES)
    handler = type("ThisHandler", (Handler,), {"files": files, "asked": asked, "over": over})
    with Quiet(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield Server(f"http://127.0.0.1:{running.server_port}", asked)
        over.set()
        running.shutdown()
        thread.join()


def fetch_all(source: Source, hashes: dict[str, str] | None = None) -> list[str]:
    """Fetch the small files, and return what was told."""
    told: list[str] = []
    fetch.fetch_all(hashes or HASHES, FOLDER, source, told.append)
    return told


def here() -> dict[str, bytes]:
    """Return all files of the project, but not those that make it one."""
    own = {Path("dvc.yaml"), checksums.MNIST}
    files = [path for path in Path().rglob("*") if path.is_file() and path not in own]
    return {str(path): path.read_bytes() for path in files}


ALL = {str(FOLDER / name): content for name, content in FILES.items()}


def test_all_are_fetched_from_the_first_mirror(server: Server) -> None:
    told = fetch_all(server.source("good", "forbidden"))
    assert here() == ALL
    assert [line.partition(":")[0] for line in told] == list(FILES)
    assert server.asked == {f"/good/{name}": 1 for name in FILES}


@pytest.mark.parametrize(
    "kind",
    ["forbidden", "missing", "broken", "wrong", "empty", "cut", "cut_silently", "circular"],
)
def test_a_bad_mirror_is_passed_over(kind: str, server: Server) -> None:
    fetch_all(server.source(kind, "good"))
    assert here() == ALL


@pytest.mark.parametrize("kind", ["silent", "stuck"])
def test_a_silent_mirror_is_passed_over(kind: str, server: Server) -> None:
    fetch_all(server.source(kind, "good", timeout=QUICK), {"one.gz": HASHES["one.gz"]})
    assert list(here()) == [str(FOLDER / "one.gz")]
    assert server.asked == {f"/{kind}/one.gz": 3, "/good/one.gz": 1}


@pytest.mark.parametrize("kind", ["moved", "shaky", "cut_once"])
def test_what_a_second_try_or_a_redirect_mends(kind: str, server: Server) -> None:
    fetch_all(server.source(kind))
    assert here() == ALL


BAD = {
    "forbidden": ("403", 1),
    "missing": ("404", 1),
    "broken": ("503", 3),
    "wrong": ("does not match the known hash", 1),
    "empty": ("does not match the known hash", 1),
    "cut": ("", 3),
    "cut_silently": ("does not match the known hash", 1),
    "circular": ("redirects", 93),  # three tries of requests' thirty redirects
    "to_a_file": ("No connection adapters", 3),
    "silent": ("timed out", 3),
    "stuck": ("timed out", 3),
    "drip": ("not complete after 1 seconds", 3),
    "endless": ("more than 50,000,000 bytes", 1),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_mirror_alone_is_an_error_that_keeps_nothing(kind: str, server: Server) -> None:
    says, asked = BAD[kind]
    timeout = 0.05 if kind == "drip" else QUICK if says == "timed out" else 5.0
    with pytest.raises(DigitsError, match=r"cannot fetch one\.gz") as caught:
        fetch_all(server.source(kind, timeout=timeout))
    message = str(caught.value)
    assert says in message
    assert f"{server.url}/{kind}/" in message
    assert len(message.splitlines()) == 1
    assert here() == {}
    assert server.asked == {f"/{kind}/one.gz": asked}


def test_each_mirror_is_named_where_none_has_it(server: Server) -> None:
    with pytest.raises(DigitsError, match=r"forbidden.*403.*wrong.*hash"):
        fetch_all(server.source("forbidden", "wrong"))


def test_nobody_listens(server: Server) -> None:
    with pytest.raises(DigitsError, match="refused"):
        fetch_all(Source(["http://127.0.0.1:9/"], 1.0))
    assert not server.asked


def test_a_second_fetch_asks_nobody(server: Server) -> None:
    fetch_all(server.source("good"))
    told = fetch_all(server.source("forbidden"))
    assert [line.endswith("already there") for line in told] == [True] * 3
    assert server.asked.total() == 3


def test_a_stopped_fetch_goes_on_with_the_files_that_are_missing(server: Server) -> None:
    fetch_all(server.source("good"), {"one.gz": HASHES["one.gz"]})
    with pytest.raises(DigitsError, match=r"two\.gz"):
        fetch_all(server.source("forbidden"))
    assert here() == {str(FOLDER / "one.gz"): FILES["one.gz"]}
    fetch_all(server.source("good"))
    assert here() == ALL
    assert server.asked["/good/one.gz"] == 1


@pytest.mark.parametrize(
    "content", [b"", b"wrong", FILES["one.gz"][:-1]], ids=["empty", "wrong", "cut off"]
)
def test_a_wrong_file_that_is_there_is_replaced(content: bytes, server: Server) -> None:
    FOLDER.mkdir(parents=True)
    (FOLDER / "one.gz").write_bytes(content)
    fetch_all(server.source("good"))
    assert here() == ALL


def test_a_file_where_the_folder_should_be(server: Server) -> None:
    FOLDER.write_bytes(b"mine")
    with pytest.raises(DigitsError, match=r"data/raw/mnist/one\.gz"):
        fetch_all(server.source("good"))
    assert FOLDER.read_bytes() == b"mine"


def test_the_time_out_is_kept(server: Server) -> None:
    start = time.monotonic()
    with pytest.raises(DigitsError, match="timed out"):
        fetch_all(server.source("silent", timeout=QUICK))
    assert time.monotonic() - start < 3 * QUICK + 5


def test_the_command_refuses_what_is_no_url(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    for url in ("file:///etc", "ftp://here/", "here", "doi:10.1/2"):
        assert main.run(["fetch", "--url", url]) == 2
        assert f"{url!r}; expected http" in capsys.readouterr().err
    assert not server.asked


@pytest.mark.parametrize("word", ["0", "-1", "nan", "inf", "soon"])
def test_the_command_refuses_what_is_no_time(word: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main.run(["fetch", "--timeout", word])


def test_the_command_works_in_a_project_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main.run(["fetch"]) == 2
    assert "no dvc.yaml here" in capsys.readouterr().err
    assert here() == {}


def test_the_mirrors_and_files_are_the_official_ones() -> None:
    assert fetch.MIRRORS == (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    )
    expected = {f"{part}-{kind}.gz" for part in ("train", "t10k") for kind in _KINDS}
    assert set(SHA256) == expected


_KINDS = ("images-idx3-ubyte", "labels-idx1-ubyte")
SHA256 = checksums.read(ROOT / checksums.MNIST)
REAL = {name: (DATA / name).read_bytes() for name in SHA256 if (DATA / name).is_file()}


@pytest.mark.skipif(len(REAL) < 4, reason=f"the official files are not in {DATA}")
@pytest.mark.parametrize("server", [REAL], indirect=True)
@pytest.mark.parametrize("kinds", [["good"], ["forbidden", "moved"]])
def test_the_official_files(
    kinds: list[str], server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    urls = [word for kind in kinds for word in ("--url", f"{server.url}/{kind}")]
    assert main.run(["fetch", *urls]) == 0
    assert here() == {str(FOLDER / name): content for name, content in REAL.items()}
    assert len(idx_folder.read(FOLDER).label) == 70_000
    assert "ingest.source: data/raw/mnist" in capsys.readouterr().out
