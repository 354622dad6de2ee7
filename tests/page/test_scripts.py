"""The page's JavaScript against the Python that it repeats."""

import base64
import json
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from stages.encode import averaged
from stages.page.assembling import page
from stages.page.examples import chosen
from stages.prepare.preparing import NoInkError, prepare
from stages.tools.predict.guessing import think
from tests.page import networks
from tests.page.drawings import on_a_form, strokes
from tests.page.node import answer
from tests.prepare.pictures import DISTORTIONS, inked, on_a_table, some_digits

Bytes = npt.NDArray[np.uint8]

GREYS = 2  # by which the two preparations may differ
EXACT = 1e-6
ROUNDED = 0.05
SIZES = (3, 5, 8, 14, 26)  # times that an image of MNIST's is enlarged
IMAGES, _ = some_digits(20)


def in_python(picture: Bytes) -> list[int] | None:
    """Return what Python makes of a picture, None where it finds no digit."""
    try:
        image: list[int] = prepare(picture, single=True).digits[0].image.ravel().tolist()
    except NoInkError:
        return None
    return image


def in_javascript(pictures: list[Bytes]) -> list[list[int] | None]:
    """Return what the page makes of pictures."""
    given = [
        {
            "height": len(picture),
            "width": len(picture[0]),
            "rgba": base64.b64encode(np.pad(picture, ((0, 0), (0, 0), (0, 1))).tobytes()).decode(),
        }
        for picture in pictures
    ]
    found: list[list[int] | None] = answer("prepared", given)
    return found


def expect_alike(pictures: list[Bytes]) -> None:
    for picture, theirs in zip(pictures, in_javascript(pictures), strict=True):
        ours = in_python(picture)
        assert (ours is None) == (theirs is None)
        if ours and theirs:
            assert np.abs(np.subtract(ours, theirs)).max() <= GREYS


def test_drawings_and_photos_are_prepared_alike() -> None:
    photos = [
        DISTORTIONS[name](inked(IMAGES[number], size))
        for number, (name, size) in enumerate((("with a shadow", 4), ("chalk", 6), ("inverted", 3)))
    ]
    expect_alike([strokes(1), strokes(2), *photos, np.full((90, 120, 3), 200, np.uint8)])


@pytest.mark.whole
@pytest.mark.parametrize("name", DISTORTIONS)
def test_photos_of_each_kind_are_prepared_alike(name: str) -> None:
    expect_alike(
        [DISTORTIONS[name](inked(image, SIZES[at % 5])) for at, image in enumerate(IMAGES)]
    )


def test_paper_on_a_dark_table_is_told_from_ink_alike() -> None:
    expect_alike([on_a_table(inked(IMAGES[1], 4))])


@pytest.mark.whole
def test_many_drawings_are_prepared_alike() -> None:
    expect_alike([strokes(seed) for seed in range(60)])


@pytest.mark.whole
def test_lines_frames_and_specks_are_left_out_alike() -> None:
    expect_alike([on_a_form(inked(image, 7)) for image in IMAGES[:8]])


def carried(text: str) -> Any:
    """Return what a page carries."""
    (found,) = re.findall(r'<script type="application/json" id="carried">(.*?)</script>', text)
    return json.loads(found)


@pytest.mark.parametrize(
    ("activation", "scale", "side"),
    [("sigmoid", 255.0, 28), ("tanh", 255.0, 14), ("relu", 255.0, 8), ("silu", 1.0, 20)],
)
def test_the_network_in_the_page_says_what_the_one_in_numpy_says(
    activation: str, scale: float, side: int
) -> None:
    rng = np.random.default_rng(side)
    network = networks.trained([side * side, 12, 9, 10], rng, activation, scale)
    training = networks.snapshots(network, [0, 4, 9], rng)
    examples = networks.examples(side, 10, rng)
    thoughts = answer("thoughts", carried(page(network, training, examples, networks.FACTS)))
    X = chosen(examples).X
    bounds = (ROUNDED, ROUNDED, EXACT)
    for found, layers, bound in zip(thoughts, training.layers, bounds, strict=True):
        P = np.array([thought[-1]["values"] for thought in found])
        assert np.abs(P - networks.probabilities(network, layers, X)).max() <= bound


@pytest.mark.parametrize("side", [28, 20, 16, 14, 8])
def test_images_are_brought_to_another_side_alike(side: int) -> None:
    images = IMAGES[:3].reshape(3, -1)
    found = answer("averaged", {"images": images.tolist(), "side": side})
    assert found == averaged(images, side).tolist()


def test_hidden_layers_are_shown_as_they_are() -> None:
    rng = np.random.default_rng(7)
    network = networks.trained([784, 16, 16, 10], rng)
    examples = networks.examples(28, 10, rng)
    content = carried(
        page(network, networks.snapshots(network, [3], rng), examples, networks.FACTS)
    )
    ((thought, *_),) = answer("thoughts", content)
    hidden = think(network, chosen(examples).X[:1]).hidden
    for ours, theirs in zip(hidden, thought, strict=False):
        assert np.allclose(ours[:, 0], theirs["values"], rtol=0, atol=EXACT)
        assert np.allclose(ours[:, 0], 1 / (1 + np.exp(-np.array(theirs["sums"]))), atol=EXACT)
