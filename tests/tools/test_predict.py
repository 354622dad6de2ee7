"""`digits predict` on pictures and tables: what it prints, writes and refuses."""

import csv
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stages.common.artifacts import npz, trained
from stages.common.artifacts.trained import read
from stages.common.artifacts.weights import Layers
from stages.tools import main
from stages.tools.predict.answers import Answer, as_csv, as_kaggle, lines
from stages.tools.predict.guessing import probabilities, think
from tests.prepare.pictures import inked, some_digits, taken, written
from tests.tools.reading import Said, put_network

IMAGES, LABELS = some_digits(12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a network, pictures and a table."""
    made = tmp_path_factory.mktemp("predict")
    put_network(made / "it.npz", 28, 255.0)
    for name, images in (("one", IMAGES[:1]), ("two", IMAGES[1:2]), ("row", IMAGES[:3])):
        ink = np.concatenate([inked(image, 4) for image in images], axis=1)
        Image.fromarray(taken(written(ink))).save(made / f"{name}.png")
    Image.new("RGB", (80, 80), "white").save(made / "blank.png")
    np.save(made / "table.npy", IMAGES)
    return made


def test_a_line_says_the_digit_its_probability_and_the_runner_up(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, row = folder / "one.png", folder / "row.png"
    said = Said(capsys, one, row, "--weights", folder / "it.npz", "--sure", 0)
    assert said.code == 0
    assert said.errors == []
    assert said.lines[0].startswith(f"{one}: {LABELS[0]}, ")
    assert "% (then " in said.lines[0]
    assert said.lines[1].startswith(f"{row}: {''.join(map(str, LABELS[:3]))}: {LABELS[0]}, ")
    assert said.lines[1].count("; ") == 2


def test_single_says_that_there_is_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, folder / "row.png", "--single", "--weights", folder / "it.npz")
    assert said.lines[0].count("then") == 1


def test_below_sure_it_is_not_sure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = (folder / "row.png", "--weights", folder / "it.npz", "--sure", 1)
    said = Said(capsys, *words)
    assert f"{folder / 'row.png'}: ???: not sure, {LABELS[0]} has " in said.lines[0]
    assert "below 100 %" in said.lines[0]
    found = json.loads(Said(capsys, *words, "--json").out)
    assert [digit["sure"] is False for digit in found["files"][0]["digits"]] == [True] * 3


def test_of_equal_digits_the_first_is_told_everywhere() -> None:
    answer = Answer("it.png", np.full((1, 10), 0.1), table=False)
    assert [*lines(answer, 0.0)] == ["it.png: 0, 10.0 % (then 1, 10.0 %)"]
    assert [*as_csv([answer], 0.0)][1].startswith("it.png,1,0,0.1,1,0.1,1,")
    assert [*as_kaggle([answer])] == ["ImageId,Label\n", "1,0\n"]


def test_a_label_is_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [folder / name for name in ("one.png", "two.png", "blank.png")]
    words = (*files, "--label", LABELS[0], "--weights", folder / "it.npz", "--sure", 0)
    said = Said(capsys, *words)
    assert said.code == 1
    assert said.lines[-1] == f"{LABELS[0]}: 1 right, 1 wrong, 0 not sure, 1 unread, of 3"
    table = (folder / "table.npy", "--label", LABELS[0], "--weights", folder / "it.npz")
    right = LABELS.count(LABELS[0])
    last = Said(capsys, *table, "--sure", 0).lines[-1]
    assert last == f"{LABELS[0]}: {right} right, {12 - right} wrong, 0 not sure, 0 unread, of 12"


def test_what_cannot_be_read_gets_a_line_and_the_others_go_on(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("no picture")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(80))
    (tmp_path / "half.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(50))
    bad = [tmp_path / name for name in ("none", "text", "empty", "photo.heic", "half.jpg", "")]
    said = Said(
        capsys, *bad, folder / "blank.png", folder / "one.png", "--weights", folder / "it.npz"
    )
    assert said.code == 1
    assert len(said.lines) == 1
    expected = (
        "does not exist",
        "neither a picture",
        "empty",
        "HEIC",
        "picture",
        "folder",
        "blank",
    )
    for line, path, why in zip(said.errors, [*bad, folder / "blank.png"], expected, strict=True):
        assert line.startswith(f"digits predict: {path}: ")
        assert why in line


def test_a_file_that_is_named_twice_counts_twice(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = folder / "blank.png"
    said = Said(capsys, blank, blank, "--label", 7, "--weights", folder / "it.npz")
    assert said.lines == ["7: 0 right, 0 wrong, 0 not sure, 2 unread, of 2"]


@pytest.mark.parametrize("suffix", ["xbm", "ppm"])
def test_a_picture_may_be_written_as_text(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str
) -> None:
    with Image.open(folder / "one.png") as picture:
        small = picture.convert("L").resize((64, 64))
    if suffix == "xbm":
        small.convert("1").save(tmp_path / "it.xbm")
    else:
        rows = " ".join(map(str, np.asarray(small).ravel()))
        (tmp_path / "it.ppm").write_text(f"P2 64 64 255\n{rows}\n")
    said = Said(capsys, tmp_path / f"it.{suffix}", "--weights", folder / "it.npz")
    assert said.errors == []


def test_csv_kaggle_and_json_hold_all(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    network = read(folder / "it.npz")
    P = probabilities(network, IMAGES.reshape(-1, 784))
    words = (folder / "table.npy", folder / "blank.png", "--weights", folder / "it.npz", "--json")
    out, kaggle = tmp_path / "out.csv", tmp_path / "kaggle.csv"
    said = Said(capsys, *words, "--csv", out, "--kaggle", kaggle)
    digits = P.argmax(axis=1).tolist()
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert [int(row["digit"]) for row in rows] == digits
    assert [int(row["place"]) for row in rows] == [*range(1, 13)]
    for row, p in zip(rows, P, strict=True):
        assert [float(row[f"p{digit}"]) for digit in range(10)] == p.tolist()
        assert float(row["runner_up_probability"]) == sorted(p)[-2] == p[int(row["runner_up"])]
    assert kaggle.read_text().splitlines() == [
        "ImageId,Label",
        *(f"{number},{digit}" for number, digit in enumerate(digits, start=1)),
    ]
    found = json.loads(said.out)
    assert found["files"][0]["read"] == "".join(map(str, digits))
    assert found["files"][0]["digits"][3]["p"] == P[3].tolist()
    assert found["unread"][0]["file"] == str(folder / "blank.png")


def test_a_table_is_told_row_by_row_or_counted(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = (folder / "table.npy", "--weights", folder / "it.npz")
    assert Said(capsys, *words).lines[11].startswith(f"{folder / 'table.npy'}, row 12: ")
    counted = Said(capsys, *words, "--csv", tmp_path / "out.csv").lines
    assert counted == [f"{folder / 'table.npy'}: 12 images read"]


@pytest.mark.parametrize(("side", "pixel_scale"), [(28, 255.0), (28, 1.0), (14, 100.0)])
def test_it_reads_by_the_networks_own_side_and_scale(
    tmp_path: Path, side: int, pixel_scale: float
) -> None:
    network = read(put_network(tmp_path / "it.npz", side, pixel_scale))
    pixels = IMAGES.reshape(-1, 784)
    size = 28 // side
    means = IMAGES.reshape(12, side, size, side, size).mean(axis=(2, 4))
    ((W, b),) = network.layers
    Z = np.floor(means + 0.5).reshape(12, -1) / pixel_scale @ W.T + b
    expected = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    assert np.allclose(probabilities(network, pixels), expected, rtol=1e-9)


def test_what_goes_on_in_the_hidden_layers(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    sizes = [784, 5, 4, 10]
    layers: Layers = [(rng.normal(0, 0.3, (n, m)), rng.normal(size=n)) for m, n in pairwise(sizes)]
    trained.write(tmp_path / "it.npz", trained.Trained(layers, 255.0, 28, "sigmoid"))
    thought = think(read(tmp_path / "it.npz"), IMAGES.reshape(-1, 784))
    A = IMAGES.reshape(-1, 784).T / 255.0
    for (W, b), found in zip(layers, thought.hidden, strict=False):
        A = 1 / (1 + np.exp(-(W @ A + b[:, np.newaxis])))
        assert np.allclose(found, A, rtol=1e-9)


def test_a_network_without_side_and_scale_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    npz.write(tmp_path / "old.npz", {"W1": np.zeros((10, 784)), "b1": np.zeros(10)}, 2)
    said = Said(capsys, folder / "one.png", "--weights", tmp_path / "old.npz")
    assert said.code == main.FAULT
    assert "pixel_scale" in said.errors[0]


@pytest.mark.parametrize(("largest", "scale"), [(1e300, 255.0), (1.0, 1e-320)])
def test_a_network_whose_numbers_would_overflow_is_refused(
    largest: float, scale: float, folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    layers: Layers = [(np.full((10, 784), largest), np.zeros(10))]
    trained.write(tmp_path / "it.npz", trained.Trained(layers, scale, 28, "relu"))
    said = Said(capsys, folder / "one.png", "--weights", tmp_path / "it.npz")
    assert said.code == main.FAULT
    assert "its weights are too large" in said.errors[0]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "no file is named"),
        (("a.png", "--explain", "out.jpg"), "ends in .png"),
        (("a.png", "b.png", "--explain", "out.png"), "2 files"),
    ],
)
def test_wrong_command_lines(
    words: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = Said(capsys, *words)
    assert said.code == main.FAULT
    assert why in said.errors[0]


@pytest.mark.parametrize("words", [("--sure", "2"), ("--sure", "x"), ("--label", "seven")])
def test_wrong_options(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main.run(["predict", "a.png", *words])
    assert words[1] in capsys.readouterr().err


def test_explain_draws_a_picture(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = (folder / "row.png", "--weights", folder / "it.npz", "--explain", tmp_path / "it.png")
    assert Said(capsys, *words).code == 0
    with Image.open(tmp_path / "it.png") as picture:
        assert picture.size[0] == 1500
