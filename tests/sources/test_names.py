"""Names of columns in use, and which digits they mean."""

from collections.abc import Callable

import pytest

from stages.sources.names import Either, Layout, layout
from tests.common.shared import message_of

LINE = range(784)
PIXELS = [f"pixel{place}" for place in LINE]

Name = Callable[[int], str]


def grid(pattern: str, start: int) -> Name:
    return lambda place: pattern.format(start + place // 28, start + place % 28)


NAMES: dict[str, Name] = {
    "pixel1": lambda place: f"pixel{place + 1}",
    "px0": lambda place: f"px{place}",
    "0": str,
    "1": lambda place: str(place + 1),
    "x0": lambda place: f"x{place}",
    "V2": lambda place: f"V{place + 1}",
    "Pixel_000": lambda place: f"Pixel_{place:03d}",
    "pixel.1": lambda place: f"pixel.{place + 1}",
    "mnist2 pixel 0": lambda place: f"mnist2 pixel {place}",
    "0x0": grid("{}x{}", 0),
    "1x1": grid("{}x{}", 1),
    "X1x1": grid("X{}x{}", 1),
    "r1c1": grid("r{}c{}", 1),
    "pixel_0_0": grid("pixel_{}_{}", 0),
    "(0, 0)": grid("({}, {})", 0),
}


@pytest.mark.parametrize("case", NAMES)
@pytest.mark.parametrize("label", ["label", "Class", "y", "TARGET", "true_label"])
def test_numbered_columns_in_any_order(case: str, label: str) -> None:
    names = [NAMES[case](place) for place in LINE]
    found = layout("a.csv", [*names[::-1], label])
    assert isinstance(found, Layout)
    assert (found.label, found.pixels) == (784, [783 - place for place in LINE])


@pytest.mark.parametrize(("column", "row"), [("c", "r"), ("col_", "_row_"), ("x", "y")])
def test_a_grid_whose_names_say_the_column_first(column: str, row: str) -> None:
    names = [f"{column}{place % 28}{row}{place // 28}" for place in LINE]
    found = layout("a.csv", ["label", *names])
    assert isinstance(found, Layout)
    assert found.pixels == [1 + place for place in LINE]


@pytest.mark.parametrize(
    "index", ["", "Unnamed: 0", "id", "Index", "row_id", "rownames", "__index_level_0__"]
)
def test_an_index_is_left_out(index: str) -> None:
    found = layout("a.csv", [index, "label", *PIXELS])
    assert isinstance(found, Layout)
    assert (found.label, found.pixels[0]) == (1, 2)
    assert found.notes == [f"{index!r}, an index, is left out"]


def test_the_one_other_column_is_the_label_whatever_its_name() -> None:
    found = layout("a.csv", ["id", *PIXELS, "what it shows"])
    assert isinstance(found, Layout)
    assert found.label == 785
    assert "labels are read from 'what it shows'" in found.notes[0]


@pytest.mark.parametrize("name", ["fold", "Usage", "is_train", "writer"])
def test_a_column_that_is_known_for_something_else_is_no_label(name: str) -> None:
    message = message_of(lambda: layout("a.csv", [name, *PIXELS]))
    assert message.startswith(f"a.csv: no column: 'label', among 785 (but {name!r})")


@pytest.mark.parametrize("first", [0, 1])
def test_785_numbered_columns_leave_the_label_open(first: int) -> None:
    names = [f"V{first + place}" for place in range(785)]
    found = layout("a.csv", ["", *names])
    assert isinstance(found, Either)
    assert found.places == [1 + place for place in range(785)]


REFUSED: dict[str, tuple[list[str], str]] = {
    "no label": (PIXELS, "no column: 'label', among 784; expected label and pixel0 to pixel783"),
    "an index alone": (["id", *PIXELS], "no column: 'label'"),
    "two that may be labels": (["label", "y", *PIXELS], "from 'label' or 'y'; expected one"),
    "two of no such name": (["a", "b", *PIXELS], "no column: 'label', among 786 (but 'a', 'b')"),
    "two images": (["label", *PIXELS, *(f"px{i}" for i in LINE)], "from 'pixel0' or 'px0'"),
    "a pixel twice": (["label", *PIXELS, "pixel5"], "a column twice: 'pixel5'"),
    "a pixel in two spellings": (["label", *PIXELS, "Pixel_5"], "a column twice: 'Pixel_5'"),
    "a label twice": (["label", "label", *PIXELS], "a column twice: 'label'"),
    "one pixel more": (["label", *PIXELS, "pixel784"], "an unknown column: 'pixel784'"),
    "a gap": (["y", *(f"px{i}" for i in LINE if i != 9)], "no column: 'px9', among 784"),
    "from 2": (["label", *(f"p{i + 2}" for i in LINE)], "no column: 'p0', 'p1'"),
    "half a grid": (["label", *map(grid("{}x{}", 1), range(392))], "no column: '15x1'"),
    "nothing": ([], "no column: 'label', 'pixel0', 'pixel1' and 782 more, among 0"),
    "a huge number": (["label", *PIXELS[1:], f"pixel{'9' * 400}"], "no column: 'pixel784'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_names_that_are_not_those_of_digits(case: str) -> None:
    names, words = REFUSED[case]
    message = message_of(lambda: layout("a.csv: line 1", names))
    assert message.startswith("a.csv: line 1: ")
    assert words in message
    assert len(message) < 400
