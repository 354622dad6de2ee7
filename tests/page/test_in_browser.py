"""The page as it is used: in a browser, with mouse, finger and keys."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, FilePayload, expect

from stages.common.artifacts.trained import Trained
from stages.page.assembling import page
from stages.page.examples import Examples
from stages.prepare.preparing import prepare
from tests.page import browser, networks
from tests.page.browser import PHONE, WIDE, Opened, Shown
from tests.prepare.pictures import DISTORTIONS, inked, some_digits

SEVEN = [(70, 70), (130, 72), (205, 70), (170, 140), (140, 225)]
FOUR = ([(150, 50), (80, 160), (220, 165)], [(180, 90), (175, 240)])
GREYS, EXACT = 2, 1e-6
NETWORK = networks.trained([784, 16, 16, 10], np.random.default_rng(1))


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser.started() as found:
        yield found


def written(folder: Path, network: Trained) -> Path:
    """Write the page of a network that no training made, with digits that it reads somehow."""
    rng = np.random.default_rng(2)
    images, labels = some_digits(40)
    X = images.reshape(40, -1)
    if network.side != 28:
        X = X[:, : network.side**2]
    predicted = networks.probabilities(network, network.layers, X).argmax(axis=1)
    training = networks.snapshots(network, [0, 1, 5, 500], rng)
    path = folder / "index.html"
    text = page(network, training, Examples(X, np.array(labels), predicted), networks.FACTS)
    path.write_text(text, encoding="utf-8")
    return path


def expect_read(shown: Shown, image: list[int]) -> None:
    """Expect that the network got an image, to some greys, and says of it what NumPy's says."""
    assert np.abs(np.subtract(shown.taken.tolist(), image)).max() <= GREYS
    (P,) = networks.probabilities(NETWORK, NETWORK.layers, shown.taken[np.newaxis])
    assert np.abs(shown.P - P).max() <= EXACT
    assert shown.digit == str(P.argmax())


def expect_drawing_read(opened: Opened) -> None:
    shown = opened.shown()
    expect_read(shown, prepare(shown.drawing, single=True).digits[0].image.ravel().tolist())


def expect_no_violation(opened: Opened) -> None:
    found = Axe().run(opened.page)
    assert found.violations_count == 0, found.generate_report()


def test_what_is_drawn_with_mouse_finger_and_keys_is_read(window: Browser, tmp_path: Path) -> None:
    path = written(tmp_path, NETWORK)
    with browser.opened(window, path, PHONE, "light") as one:
        one.draw(SEVEN)
        expect_drawing_read(one)
        expect(one.page.locator("#status")).not_to_have_text("")
        said = one.page.locator("#status").text_content()
        assert said is not None
        assert said.startswith(f"It reads {one.shown().digit}, ")
        one.page.click("#clear")
        assert one.shown().digit == "?"
        for stroke in FOUR:
            one.touch(stroke)
        expect_drawing_read(one)
        assert one.page.evaluate("scrollY") == 0  # a finger draws, and scrolls nothing
        one.page.click("#undo")
        one.page.click("#undo")
        assert one.shown().digit == "?"
        one.page.focus("#pad")
        for key in (" ", *["ArrowDown"] * 8, " "):
            one.page.keyboard.press(key)
        expect_drawing_read(one)
        for key in (" ", "ArrowUp", "Delete", "ArrowUp", "Control+z", *["ArrowLeft"] * 8, " "):
            one.page.keyboard.press(key)
        expect_drawing_read(one)  # the pen was down while what it drew was taken away
        one.page.click("#clear")
        one.draw([(140, 140), (140, 140)])
        expect_drawing_read(one)  # a dot, though the mouse has moved nowhere
        one.page.click("#clear")
        one.draw([(4, 20), (4, 260)])
        expect_drawing_read(one)  # nothing of a stroke at the border is cut off
        expect_no_violation(one)
        assert one.requests == [path.as_uri()]
        assert one.faults == []


@pytest.mark.whole
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["phone", "wide"])
def test_nothing_hinders_a_reader(
    scheme: str, viewport: dict[str, int], window: Browser, tmp_path: Path
) -> None:
    with browser.opened(window, written(tmp_path, NETWORK), viewport, scheme) as one:
        expect_no_violation(one)
        one.draw(SEVEN)
        one.page.click(".unit")
        expect_no_violation(one)
        width = one.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"]
        assert one.faults == []


@pytest.mark.whole
def test_a_photo_is_prepared_as_by_digits_predict(window: Browser, tmp_path: Path) -> None:
    images, _ = some_digits(3)
    picture = DISTORTIONS["with a shadow"](inked(images[2], 9))
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    with browser.opened(window, written(tmp_path, NETWORK), WIDE, "light") as one:
        photo = FilePayload(name="photo.png", mimeType="image/png", buffer=file.getvalue())
        one.page.set_input_files("#file", photo)
        expect(one.page.locator("#digit")).not_to_have_text("?")
        expect_read(one.shown(), prepare(picture, True).digits[0].image.ravel().tolist())
        for kind in ("image/png", "text/plain"):
            text = FilePayload(name="text", mimeType=kind, buffer=b"no picture")
            one.page.set_input_files("#file", photo)
            expect(one.page.locator("#status")).to_contain_text("It reads")
            one.page.set_input_files("#file", text)
            expect(one.page.locator("#status")).to_contain_text("This file is no picture")
        assert one.faults == []


@pytest.mark.whole
def test_a_test_digit_is_read_as_it_is_and_a_unit_says_why(window: Browser, tmp_path: Path) -> None:
    images, labels = some_digits(40)
    predicted = networks.probabilities(NETWORK, NETWORK.layers, images.reshape(40, -1)).argmax(1)
    first = next(row for row in range(40) if labels[row] == 0 and predicted[row] != 0)
    with browser.opened(window, written(tmp_path, NETWORK), WIDE, "dark") as one:
        assert one.page.locator(".example").first.get_attribute("aria-label") == (
            f"A 0, read as {predicted[first]}"
        )
        one.page.locator(".example").first.click()
        expect_read(one.shown(), images[first].ravel().tolist())
        last = one.shown().P
        one.page.locator(".unit").nth(3).hover()
        assert one.page.locator("#origin-title").text_content() == "Layer 1, unit 4"
        A = images[first].ravel() / 255
        Z = NETWORK.layers[0][0][3] @ A + NETWORK.layers[0][1][3]
        assert f"the sum is {Z:.2f}".replace("-", "−") in one.page.inner_text("#origin-sum")
        one.page.focus("#epoch")
        one.page.keyboard.press("Home")
        assert one.page.get_attribute("#epoch", "aria-valuetext") == (
            "after epoch 0, reads 10.0 % of 60 test digits"
        )
        assert not np.allclose(one.shown().P, last)
        assert one.faults == []


@pytest.mark.whole
@pytest.mark.parametrize(
    ("sizes", "activation"),
    [([784, 100, 10], "relu"), ([784, 10], "sigmoid"), ([196, 8, 8, 8, 10], "silu")],
)
def test_other_networks_are_shown(
    sizes: list[int], activation: str, window: Browser, tmp_path: Path
) -> None:
    network = networks.trained(sizes, np.random.default_rng(3), activation)
    with browser.opened(window, written(tmp_path, network), PHONE, "light") as one:
        one.draw(SEVEN)
        shown = one.shown()
        (P,) = networks.probabilities(network, network.layers, shown.taken[np.newaxis])
        assert np.abs(shown.P - P).max() <= EXACT
        assert one.page.locator(".unit").count() == sum(sizes[1:-1])
        expect_no_violation(one)
        assert one.faults == []
