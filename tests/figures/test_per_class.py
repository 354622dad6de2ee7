import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.collections import LineCollection, PathCollection

from stages.figures import per_class
from stages.figures.interval import wilson
from tests.figures.made import OKABE_ITO, assert_legible, coloured, texts_of

Counts = npt.NDArray[np.int64]

# Digit d is right in 90 - d images, and taken for the next one in d + 1 of them.
COUNTS = np.diag(90 - np.arange(10)) + np.roll(np.diag(1 + np.arange(10)), 1, axis=1)
TERRIBLE = np.pad(np.full((10, 1), 50_000), ((0, 0), (3, 6)))


@pytest.mark.parametrize(
    "counts", [COUNTS, TERRIBLE, np.eye(10, dtype=int), np.zeros((10, 10), int)]
)
def test_a_picture_of(counts: Counts) -> None:
    assert_legible(per_class.draw(counts), 750, 876)


def drawn(counts: Counts) -> dict[str, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """Return the marks (k, 2) and the intervals (k, 2, 2) of recall and of precision."""
    (axes,) = per_class.draw(counts).axes
    marks = [kind for kind in axes.collections if isinstance(kind, PathCollection)]
    lines = [kind for kind in axes.collections if isinstance(kind, LineCollection)]
    return {
        str(mark.get_label()).partition(":")[0]: (
            np.asarray(mark.get_offsets()),
            np.array([path.vertices for path in line.get_paths()]),
        )
        for mark, line in zip(marks, lines, strict=True)
    }


@pytest.mark.parametrize(("name", "axis"), [("recall", 1), ("precision", 0)])
def test_a_mark_and_an_interval_for_each_share_of_each_digit(name: str, axis: int) -> None:
    marks, lines = drawn(COUNTS)[name]
    hits, of = COUNTS.diagonal(), COUNTS.sum(axis=axis)
    assert np.array_equal(marks[:, 0], hits / of)
    assert np.array_equal(np.rint(marks[:, 1]), np.arange(10))
    low, high = wilson(hits, of)
    assert np.array_equal(lines[:, :, 0], np.column_stack([low, high]))
    assert np.array_equal(lines[:, 0, 1], marks[:, 1])


def test_a_share_of_nothing_has_no_mark() -> None:
    found = drawn(TERRIBLE)
    assert len(found["recall"][0]) == 10
    assert np.rint(found["precision"][0]).tolist() == [[0, 3]]


@pytest.mark.parametrize(
    ("right", "start"), [(99, 90), (90, 80), (85, 70), (61, 50), (55, 0), (0, 0)]
)
def test_the_axis_ends_at_100_and_says_so_if_it_does_not_start_at_0(right: int, start: int) -> None:
    counts = np.diag(np.full(10, right)) + np.roll(np.diag(np.full(10, 100 - right)), 1, axis=1)
    (axes,) = per_class.draw(counts).axes
    assert axes.get_xlim() == (start / 100, 1)
    assert wilson(np.array([right]), np.array([100]))[0][0] >= start / 100
    label = f"share (the axis starts at {start}%, not at 0)" if start else "share"
    assert axes.get_xlabel() == label
    ticks = [round(100 * tick) for tick in axes.get_xticks()]
    assert (ticks[0], ticks[-1]) == (start, 100)
    assert len(set(np.diff(ticks))) == 1


def test_it_is_labelled_with_the_number_of_images() -> None:
    texts = texts_of(per_class.draw(COUNTS))
    assert "Precision and recall of each digit" in texts
    assert "Test images. Bars: 95% intervals for so many images (Wilson)" in texts
    for digit in range(10):
        assert f"{digit}  (91)" in texts


def test_colours_that_all_can_tell_apart() -> None:
    found = coloured(per_class.draw(COUNTS))
    assert len(found) == 2
    assert found <= OKABE_ITO
