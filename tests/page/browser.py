"""The page in a browser: drawn on with mouse, finger and keys, and what it shows then."""

import base64
import io
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 860}

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SHOWN = """async () => {
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  const read = (id) => document.getElementById(id).toDataURL().split(",")[1];
  return {
    pad: read("pad"),
    taken: read("taken"),
    P: [...document.querySelectorAll("#bars data")].map(({ value }) => Number(value)),
    digit: document.getElementById("digit").textContent,
  };
}"""

Points = Sequence[tuple[float, float]]  # in pixels of the canvas, which has 280 in a line


@dataclass
class Shown:
    """What the page shows: the drawing (280, 280, 3), the pixels that the network gets, and P."""

    drawing: npt.NDArray[np.uint8]
    taken: npt.NDArray[np.uint8]
    P: npt.NDArray[np.float64]
    digit: str


@dataclass
class Opened:
    """An open page, what it asked for and what went wrong in it."""

    page: Page
    context: BrowserContext
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def places(self, points: Points) -> list[tuple[float, float]]:
        """Return where in the window points of the canvas are."""
        box = self.page.locator("#pad").bounding_box()
        assert box is not None
        times = box["width"] / 280
        return [(box["x"] + x * times, box["y"] + y * times) for x, y in points]

    def draw(self, points: Points) -> None:
        """Draw a stroke with the mouse."""
        first, *others = self.places(points)
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for place in others:
            self.page.mouse.move(*place)
        self.page.mouse.up()

    def touch(self, points: Points) -> None:
        """Draw a stroke with a finger."""
        session = self.context.new_cdp_session(self.page)
        for number, (x, y) in enumerate(self.places(points)):
            kind = "touchMove" if number else "touchStart"
            touches: list[dict[str, float]] = [{"x": x, "y": y}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def shown(self) -> Shown:
        """Return what the page shows, once it has looked at the last stroke."""
        found: dict[str, Any] = self.page.evaluate(_SHOWN)
        drawing, taken = (_picture(found[name]) for name in ("pad", "taken"))
        return Shown(drawing, taken[..., 0].ravel(), np.array(found["P"]), found["digit"])


def _picture(text: str) -> npt.NDArray[np.uint8]:
    """Return a picture (height, width, 3) that is PNG in base64."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB"))


@contextmanager
def started() -> Iterator[Browser]:
    """Yield a browser; the test is skipped where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip(f"there is no browser here: expected {' or '.join(_NAMES)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, path: Path, viewport: dict[str, int], scheme: str) -> Iterator[Opened]:
    """Yield a page that is open in a window of its own. scheme: light or dark."""
    options: dict[str, Any] = {"viewport": viewport, "color_scheme": scheme, "has_touch": True}
    context = browser.new_context(**options)
    page = context.new_page()
    one = Opened(page, context)
    page.on("request", lambda request: one.requests.append(request.url))
    page.on("console", lambda message: one.faults.append(message.text))
    page.on("pageerror", lambda error: one.faults.append(str(error)))
    page.goto(path.as_uri())
    yield one
    context.close()
