"""The sub-command `digits fetch`: the four official MNIST files, into data/raw/mnist/."""

import argparse
import logging
import math
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pooch
import requests
from tqdm import tqdm

from stages.common import checksums
from stages.common.errors import DigitsError, one_line
from stages.common.files import replacing

FOLDER = Path("data/raw/mnist")
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
_ASIDE = Path(".cache/fetch")  # not in FOLDER: a killed download leaves a file, and DVC hashes all
_TRIES = 3  # of each mirror
_PAUSE_SECONDS = 1.0
_WHOLE_FILE = 20  # a file may take so many times the time-out in all
_MOST_BYTES = 50_000_000  # the largest file has 9,912,422
_CHUNK = 256  # bytes; a server that sends few at a time is noticed after so many


class Source(NamedTuple):
    """Where files come from, in what order, and how long to wait for a server, in seconds."""

    mirrors: Sequence[str]
    timeout: float


class TooSlowError(requests.Timeout):
    """A download that goes on, but not fast enough to end."""


class Watched:
    """A progress bar for pooch that stops a download which is too slow or too long."""

    def __init__(self, name: str, timeout: float) -> None:
        """Show the progress of the file `name`; it may take _WHOLE_FILE time-outs in all."""
        self._bar = tqdm(desc=name, unit="B", unit_scale=True, disable=None)
        self._limit = timeout * _WHOLE_FILE
        self._end = time.monotonic() + self._limit
        self._sent = 0  # the bar itself counts only on a terminal
        self.total = 0  # set by pooch, from what the server says

    def update(self, size: int) -> None:
        """Count bytes; raises TooSlowError after the deadline, ValueError beyond any MNIST file."""
        self._sent += size
        self._bar.total = self.total or None
        self._bar.update(size)
        if self._sent > _MOST_BYTES or self.total > _MOST_BYTES:
            raise ValueError(f"it sends more than {_MOST_BYTES:,} bytes; this is another file")
        if time.monotonic() > self._end:
            raise TooSlowError(f"not complete after {self._limit:g} seconds")

    def reset(self) -> None:
        """Start again from no bytes."""
        self._sent = 0
        self._bar.reset()

    def close(self) -> None:
        """Leave the bar as it is."""
        self._bar.close()


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.description = (
        f"Download the four official MNIST files into {FOLDER}/, each checked against its\n"
        f"SHA-256. Files that are already there and right are not downloaded again."
    )
    parser.epilog = (
        "Mirrors, in this order:\n  "
        + "\n  ".join(MIRRORS)
        + "\nThen, in params.yaml: ingest.source: data/raw/mnist"
    )
    parser.add_argument(
        "--url",
        action="append",
        metavar="URL",
        help="download from this folder instead of the mirrors; may be given more than once",
    )
    parser.add_argument(
        "--timeout",
        type=_seconds,
        default=30.0,
        metavar="S",
        help="wait S seconds for a server (default: 30), and for a whole file "
        f"{_WHOLE_FILE} times as long",
    )


def _seconds(word: str) -> float:
    """Return a finite number of seconds above 0; raises argparse's error for anything else."""
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not 0 < value < 86400:
        raise argparse.ArgumentTypeError(f"{word!r} is not a number of seconds above 0")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Download what is missing or wrong, say what was done, and return 0."""
    if not Path("dvc.yaml").is_file():
        raise DigitsError("no dvc.yaml here: run it in the project's folder")
    pooch.get_logger().setLevel(logging.ERROR)
    source = Source([_folder(url) for url in arguments.url or MIRRORS], arguments.timeout)
    fetch_all(checksums.read(checksums.MNIST), FOLDER, source, print)
    print(f"All is in {FOLDER}/; use it with ingest.source: {FOLDER}")
    return 0


def _folder(url: str) -> str:
    """Return the URL of a folder with its slash; raises DigitsError for what is none."""
    if not url.startswith(("http://", "https://")):
        raise DigitsError(f"cannot download from {url!r}; expected http://… or https://…")
    return url if url.endswith("/") else f"{url}/"


def fetch_all(
    hashes: dict[str, str], folder: Path, source: Source, tell: Callable[[str], object]
) -> None:
    """Bring files of known SHA-256 into a folder; raises DigitsError at the first that fails.

    Those that are there already and right stay as they are: a fetch that was stopped goes on.
    """
    for name, sha256 in hashes.items():
        path = folder / name
        try:
            there = path.is_file() and pooch.file_hash(path) == sha256
            found = "already there" if there else f"from {fetch(path, sha256, source)}"
        except OSError as error:
            raise DigitsError(f"cannot fetch {path}: {error}") from error
        tell(f"{name}: {found}")


def fetch(path: Path, sha256: str, source: Source) -> str:
    """Download a file from the first mirror that has it, and return that mirror.

    Raises DigitsError, with what each mirror said, where none has it; nothing is then kept.
    """
    said = []
    for mirror in source.mirrors:
        fault = _from_mirror(mirror, path, sha256, source.timeout)
        if fault is None:
            return mirror
        said.append(f"{mirror}: {fault}")
    raise DigitsError(f"cannot fetch {path.name}: {'; '.join(said)}. Files fetched before it stay")


def _told(error: BaseException) -> str:
    """Say what is wrong: without a connection, only the exception that others came of says it."""
    if not isinstance(error, requests.ConnectionError):
        return one_line(error)
    while inner := error.__cause__ or error.__context__:
        error = inner
    return f"cannot be reached: {one_line(error)}"


def _from_mirror(mirror: str, path: Path, sha256: str, timeout: float) -> str | None:
    """Download a file from a mirror, trying again if that can help; return what went wrong."""
    fault = ""
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE_SECONDS)
        try:
            _download(mirror, path, sha256, timeout)
        except requests.HTTPError as error:
            fault = one_line(error)
            if error.response is not None and error.response.status_code < 500:
                return fault  # refused: it would be so again
        except requests.RequestException as error:
            fault = _told(error)
        except ValueError as error:  # pooch's for a wrong hash
            return one_line(error)
        else:
            return None
    return f"{fault} ({_TRIES} tries)"


def _download(mirror: str, path: Path, sha256: str, timeout: float) -> None:
    """Download a file aside, check it, and put it in its place."""
    with closing(Watched(path.name, timeout)) as progress:
        downloader = pooch.HTTPDownloader(
            progressbar=progress,
            chunk_size=_CHUNK,
            timeout=timeout,
            headers={"Accept-Encoding": "identity"},  # else a server may unpack the .gz
        )
        url, known = f"{mirror}{path.name}", f"sha256:{sha256}"
        fetched = Path(pooch.retrieve(url, known, path.name, _ASIDE, downloader=downloader))
    with replacing(path) as file:
        file.write(fetched.read_bytes())
    fetched.unlink()
