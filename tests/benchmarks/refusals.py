"""Time how long a fault in 42,000 rows takes to find, against reading as many good rows.

    python -m tests.benchmarks.refusals

Every case is read in turn with a good file of its kind, three times; prints the ratios of the
medians, the worst first. Exits with 1 where one is above 2.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow as pa
from tqdm import tqdm

from stages.common.errors import DigitsError
from stages.ingest import read_source
from tests.faults.refused import MANY
from tests.faults.sources import (
    Bad,
    good_lines,
    idx_files,
    joined,
    parquet_bytes,
    quick_gzip,
    table_of,
    write_files,
)
from tests.faults.test_bad_csv import BAD_CSV
from tests.faults.test_bad_idx import BAD_IDX, Spoiled
from tests.faults.test_bad_parquet import BAD_TABLES

ROUNDS = 3
MOST = 2.0

Files = dict[str, bytes]  # by the path of a source's files in its folder


def bad_csv(bad: Bad) -> tuple[str, Files]:
    """Return the source of a case: its path, and its files."""
    return bad.file, {bad.file: bad.make(list(good_lines(MANY)))}


def bad_parquet(change: Callable[[pa.Table], pa.Table]) -> tuple[str, Files]:
    """Return the source of a case: its path, and its files."""
    return "digits.parquet", {"digits.parquet": parquet_bytes(change(table_of(MANY)))}


def bad_idx(make: Callable[[int], Spoiled]) -> tuple[str, Files]:
    """Return the source of a case: its path, and its files."""
    file, content, _ = make(MANY)
    files = idx_files(MANY)
    del files[file.removesuffix(".gz")]
    files |= {} if content is None else {file: content}
    return "mnist", {f"mnist/{path}": value for path, value in files.items()}


def all_cases() -> dict[str, Callable[[], tuple[str, Files]]]:
    """Return what makes the source of each case: its path, and its files."""
    return {
        **{f"CSV: {bad.name}": partial(bad_csv, bad) for bad in BAD_CSV},
        **{f"Parquet: {name}": partial(bad_parquet, case[0]) for name, case in BAD_TABLES.items()},
        **{f"IDX: {name}": partial(bad_idx, make) for name, make in BAD_IDX.items()},
    }


def good_sources(folder: Path) -> dict[str, Path]:
    """Write a good source of each kind into `folder`; return their paths by their ends."""
    lines = joined(good_lines(MANY))
    write_files(
        folder,
        {
            "good.csv": lines,
            "good.csv.gz": quick_gzip(lines),
            "good.parquet": parquet_bytes(table_of(MANY)),
        },
    )
    write_files(folder / "mnist", idx_files(MANY))
    ends = {".csv": "good.csv", ".gz": "good.csv.gz", ".parquet": "good.parquet", "": "mnist"}
    return {end: folder / name for end, name in ends.items()}


def seconds(path: Path, *, good: bool) -> float:
    """Return how long a source takes to be read, or to be refused."""
    start = time.perf_counter()
    try:
        read_source(path)
    except DigitsError:
        assert not good
    else:
        assert good
    return time.perf_counter() - start


def measure(source: str, files: Files, good: dict[str, Path]) -> tuple[float, float]:
    """Return the median seconds of a bad source, and of a good one of its kind."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            write_files((Path(folder) / name).parent, {Path(name).name: content})
        pairs = [
            (
                seconds(Path(folder) / source, good=False),
                seconds(good[Path(source).suffix], good=True),
            )
            for _ in range(ROUNDS)
        ]
    bad, whole = zip(*pairs, strict=True)
    return statistics.median(bad), statistics.median(whole)


def main() -> None:
    """Measure every case and print the table."""
    cases = all_cases()
    with tempfile.TemporaryDirectory() as folder:
        good = good_sources(Path(folder))
        found = {
            name: measure(*make(), good)
            for name, make in tqdm(cases.items(), unit="case", disable=None)
        }
    rows = sorted(found.items(), key=lambda row: -row[1][0] / row[1][1])
    for name, (bad, whole) in rows:
        print(f"{bad / whole:5.2f}  {bad:6.3f} s against {whole:6.3f} s  {name}")
    worst = rows[0][1][0] / rows[0][1][1]
    print(f"{len(rows)} cases of {MANY:,} rows; the worst takes {worst:.2f} times a good read")
    sys.exit(worst > MOST)


if __name__ == "__main__":
    main()
