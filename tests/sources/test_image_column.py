"""Parquet files with an image in each cell, as Hugging Face, polars and others write them."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from stages.sources import source
from stages.sources.columns import Labelled
from tests.common.shared import message_of
from tests.sources.made import assert_same, random_digits

DIGITS = random_digits(5, seed=6)
IMAGES = DIGITS.pixels.reshape(-1, 28, 28)


def encoded(image: Any, mode: str = "L", kind: str = "PNG", **how: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).convert(mode).save(buffer, kind, **how)
    return buffer.getvalue()


def of(values: Any, cell_type: pa.DataType | None = None) -> pa.Table:
    return pa.table({"label": pa.array(DIGITS.label), "image": pa.array(values, cell_type)})


def struct_of(pictures: list[bytes | None]) -> pa.Array:
    return pa.array([{"bytes": picture, "path": None} for picture in pictures])


def deep(image: Any) -> bytes:
    """Return a PNG of 16 bits."""
    buffer = io.BytesIO()
    Image.fromarray(image.astype(np.uint16) * 257).save(buffer, "PNG")
    return buffer.getvalue()


NUMBERS = DIGITS.pixels.tolist()
SQUARES = IMAGES.tolist()
COLUMNS: dict[str, Callable[[], pa.Table]] = {
    "list": lambda: of(NUMBERS, pa.list_(pa.uint8())),
    "large list of int64": lambda: of(NUMBERS, pa.large_list(pa.int64())),
    "fixed size list": lambda: of(NUMBERS, pa.list_(pa.float32(), 784)),
    "list of lists": lambda: of(SQUARES, pa.list_(pa.list_(pa.int32()))),
    "fixed size lists of lists": lambda: of(SQUARES, pa.list_(pa.list_(pa.uint8(), 28), 28)),
    "fractions": lambda: of((DIGITS.pixels / 255).tolist(), pa.list_(pa.float32())),
    "raw bytes": lambda: of([row.tobytes() for row in DIGITS.pixels], pa.binary()),
    "PNG": lambda: of([encoded(image) for image in IMAGES], pa.large_binary()),
    "struct": lambda: of(struct_of([encoded(image) for image in IMAGES])),
    "RGB": lambda: of(struct_of([encoded(image, "RGB") for image in IMAGES])),
    "RGBA": lambda: of(struct_of([encoded(image, "RGBA") for image in IMAGES])),
    "palette": lambda: of(struct_of([encoded(image, "P") for image in IMAGES])),
    "16 bits": lambda: of(struct_of([deep(image) for image in IMAGES])),
    "BMP": lambda: of([encoded(image, kind="BMP") for image in IMAGES]),
}


def written(folder: Path, table: pa.Table) -> Path:
    pq.write_table(table, folder / "digits.parquet")
    return folder / "digits.parquet"


@pytest.mark.parametrize("case", COLUMNS)
def test_every_way_to_put_an_image_into_a_cell(case: str, tmp_path: Path) -> None:
    found, notes = source.read(written(tmp_path, COLUMNS[case]()), None)
    assert_same(found, DIGITS)
    assert notes[0] == "labels are read from 'label', images from 'image'"


def test_one_bit_pictures(tmp_path: Path) -> None:
    ink = ((IMAGES > 127) * 255).astype(np.uint8)
    table = of([encoded(image, "1") for image in ink])
    found, _ = source.read(written(tmp_path, table), None)
    assert_same(found, Labelled(DIGITS.label, ink.reshape(-1, 784)))


def test_a_jpeg_is_what_its_decoder_says(tmp_path: Path) -> None:
    pictures = [encoded(image, kind="JPEG", quality=90) for image in IMAGES]
    found, _ = source.read(written(tmp_path, of(struct_of(list(pictures)))), None)
    decoded = [np.asarray(Image.open(io.BytesIO(picture))).ravel() for picture in pictures]
    assert_same(found, Labelled(DIGITS.label, np.stack(decoded)))


def test_other_columns_are_left_out(tmp_path: Path) -> None:
    table = COLUMNS["struct"]().append_column("id", pa.array(range(5)))
    table = table.append_column("writer", pa.array(["a"] * 5))
    found, notes = source.read(written(tmp_path, table), None)
    assert_same(found, DIGITS)
    assert "'writer', neither label nor pixels, left out" in notes


def spoiled(value: Any) -> list[Any]:
    """Return lists of 784 numbers, the fourth of them another value."""
    return [*NUMBERS[:3], value, NUMBERS[4]]


def picture(value: bytes | None) -> pa.Array:
    """Return good pictures, the fourth of them another."""
    good: list[bytes | None] = [encoded(image) for image in IMAGES]
    return struct_of([*good[:3], value, good[4]])


BIG = np.zeros((29, 28), np.uint8)
HALF = Image.fromarray(IMAGES[0]).convert("LA")
HALF.putpixel((3, 3), (9, 100))
FAULTS: dict[str, tuple[Callable[[], pa.Table], list[str]]] = {
    "783 numbers": (lambda: of(spoiled([1] * 783)), ["row 4, column image: a list of 783"]),
    "no list": (lambda: of(spoiled(None)), ["row 4, column image: an empty cell"]),
    "a number too high": (
        lambda: of(spoiled([*NUMBERS[3][:783], 256])),
        ["row 4, column image, pixel 783: 256; expected a whole number from 0 to 255"],
    ),
    "an empty pixel": (
        lambda: of(spoiled([None, *NUMBERS[3][1:]])),
        ["row 4, column image, pixel 0: an empty cell"],
    ),
    "a short line": (
        lambda: of([*SQUARES[:3], [*SQUARES[3][:27], [1] * 27], SQUARES[4]]),
        ["row 4, column image: a list of 27", "28 x 28"],
    ),
    "another shape": (lambda: of([[1] * 64] * 5), ["64 numbers; expected 784 pixels"]),
    "lists of texts": (lambda: of([["a"] * 784] * 5), ["row 1, column image, pixel 0: 'a'"]),
    "lists of dates": (lambda: of([[1] * 784] * 5, pa.list_(pa.date32())), ["a list of date32"]),
    "no bytes": (lambda: of(picture(None)), ["row 4, column image: a cell without bytes"]),
    "bytes of no picture": (lambda: of(picture(b"none")), ["row 4", "b'none'…, 4 bytes"]),
    "a picture cut off": (lambda: of(picture(encoded(IMAGES[0])[:200])), ["row 4, column image"]),
    "a larger picture": (lambda: of(picture(encoded(BIG))), ["a picture of 28 x 29", "28 x 28"]),
    "half transparent": (
        lambda: of(picture(encoded(np.asarray(HALF), "LA"))),
        ["row 4", "a picture that is transparent in places"],
    ),
    "a label of 10": (
        lambda: of(NUMBERS).set_column(0, "label", pa.array([1, 2, 3, 10, 4])),
        ["row 4, column label: 10; expected a whole number from 0 to 9"],
    ),
    "no label": (lambda: of(NUMBERS).drop(["label"]), ["no column: 'label'"]),
    "two images": (
        lambda: of(NUMBERS).append_column("img", pa.array(NUMBERS)),
        ["images could be read from 'image' or 'img'"],
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_cell_that_is_no_image_of_a_digit(case: str, tmp_path: Path) -> None:
    make, says = FAULTS[case]
    path = written(tmp_path, make())
    message = message_of(lambda: source.read(path, None))
    assert message.startswith(str(path))
    assert [words for words in says if words not in message] == [], message


def test_a_picture_bomb_is_not_decoded(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("1", (9000, 9000)).save(buffer, "PNG")
    path = written(tmp_path, of(picture(buffer.getvalue())))
    message = message_of(lambda: source.read(path, None))
    assert "a picture of 9000 x 9000; expected a picture of 28 x 28" in message
