"""Data that can be read but may not be what was meant: what is said, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from stages.common.artifacts import digits
from stages.common.artifacts.digits import Digits
from tests.faults.sources import HEADER, write_files
from tests.faults.stages import Outcome, run_here, write_params

Images = npt.NDArray[np.uint8]
Run = Callable[[str], Outcome]
LABELS = np.arange(40, dtype=np.uint8) % 10


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a stage on digits.csv, of which 30 rows train."""
    monkeypatch.chdir(tmp_path)
    write_params(tmp_path, ingest__source="digits.csv", split__train_rows=30, split__shuffle=False)
    return lambda stage: run_here(stage, capsys)


@pytest.fixture
def images() -> Images:
    """Return 40 images, all different, of ink amid paper."""
    made = np.zeros((40, 28, 28), np.uint8)
    made[:, 4:24, 4:24] = np.random.default_rng(1).integers(0, 256, (40, 20, 20))
    return made.reshape(40, 784)


def write_csv(images: Images) -> None:
    rows = [
        ",".join(map(str, (label, *image))) for label, image in zip(LABELS, images, strict=True)
    ]
    write_files(Path(), {"digits.csv": "\n".join([HEADER.decode(), *rows]).encode()})


def write_digits(images: Images, labels: Images) -> None:
    digits.write(digits.DIGITS, Digits(np.arange(40, dtype=np.int32), labels, images))


def test_nothing_is_said_of_good_data(run: Run, images: Images) -> None:
    write_csv(images)
    assert run("ingest") == (0, [])
    assert run("split") == (0, [])


@pytest.mark.parametrize("paper", [0, 7, 255])
def test_blank_images_alone_are_refused(paper: int, run: Run, images: Images) -> None:
    write_csv(np.full_like(images, paper))
    assert run("ingest") == (
        1,
        ["ingest: digits.csv: all 40 images are blank; expected digits in them"],
    )
    assert not digits.DIGITS.exists()


def test_some_blank_images_are_counted(run: Run, images: Images) -> None:
    images[[5, 9]] = 0
    write_csv(images)
    said = "ingest: warning: digits.csv: 2 of 40 images are blank, first row 6"
    assert run("ingest") == (0, [said])


def test_inverted_colours_are_noticed(run: Run, images: Images) -> None:
    write_csv(255 - images)
    code, (said,) = run("ingest")
    assert code == 0
    assert "warning: digits.csv: the colours look inverted: the border of the images is 255" in said
    assert "expected 0 for paper and 255 for ink" in said


@pytest.mark.parametrize(("paper", "said"), [(191, 0), (192, 1), (220, 1)])
def test_grey_paper_is_noticed_from_where_no_ink_is(
    paper: int, said: int, run: Run, images: Images
) -> None:
    square = images.reshape(40, 28, 28)
    square[:, [0, -1], :] = square[:, :, [0, -1]] = paper
    write_csv(images)
    code, lines = run("ingest")
    assert (code, len(lines)) == (0, said)


def test_inverted_colours_are_noticed_of_0_and_1(run: Run, images: Images) -> None:
    write_csv((images < 128).astype(np.uint8))
    code, (note, said) = run("ingest")
    assert code == 0
    assert note == "ingest: note: digits.csv: its pixels are 0 and 1, and 1 is read as 255, ink"
    assert "the colours look inverted" in said


def test_what_full_ink_is_can_be_said(run: Run, images: Images) -> None:
    write_csv(images // 16)
    code, (said,) = run("ingest")
    assert code == 1
    assert "its largest pixel is 15, and full ink may be that, or 255" in said
    write_params(Path(), ingest__source="digits.csv", ingest__highest=15)
    assert run("ingest") == (0, [])
    assert np.array_equal(digits.read(digits.DIGITS).pixels, images // 16 * 17)


@pytest.mark.parametrize(("part", "rows"), [("train", slice(0, 30)), ("test", slice(30, 40))])
def test_an_absent_class_is_told(part: str, rows: slice, run: Run, images: Images) -> None:
    labels = LABELS.copy()
    labels[rows][np.isin(labels[rows], [3, 8])] = 1
    write_digits(images, labels)
    assert run("split") == (0, [f"split: warning: no row that is to {part} shows 3, 8"])


def test_a_shared_image_is_counted(run: Run, images: Images) -> None:
    images[35] = images[2]
    write_digits(images, LABELS)
    said = "split: warning: 1 of 10 images that test are also among those that train"
    assert run("split") == (0, [said])
    assert digits.TEST.exists()


def test_too_many_shared_images_are_refused(run: Run, images: Images) -> None:
    images[[31, 35]] = images[2]
    write_digits(images, LABELS)
    code, (said,) = run("split")
    assert code == 1
    assert "2 of 10 images that test are also among those that train: 20.0%" in said
    assert "expected at most split.max_shared_images, 10.0%" in said
    assert not digits.TRAIN.exists()


@pytest.mark.parametrize(("share", "code"), [(0.2, 0), (1, 0), (0.19, 1), (0, 1)])
def test_the_share_is_a_setting(share: float, code: int, run: Run, images: Images) -> None:
    images[[31, 35]] = images[2]
    write_digits(images, LABELS)
    settings = {"split__train_rows": 30, "split__shuffle": False}
    write_params(Path(), split__max_shared_images=share, **settings)
    assert run("split").code == code


@pytest.mark.parametrize("share", [-0.1, 1.1, "0.1", None, True, float("nan")])
def test_a_share_that_is_none(share: object, run: Run, images: Images) -> None:
    write_digits(images, LABELS)
    write_params(Path(), split__max_shared_images=share)
    code, (said,) = run("split")
    assert code == 1
    assert "split.max_shared_images is" in said
    assert "at least 0 and at most 1" in said
