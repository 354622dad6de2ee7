"""The pictures of the page in the docs: `python -m tests.page.photographed` takes them.

Of the page that the pipeline wrote, as a browser shows it: a person looks at them. Fonts are the
machine's, so that no test compares their bytes.
"""

import argparse
import io

from PIL import Image

from stages.common.artifacts.exported import PAGE
from tests.page import browser
from tests.page.browser import PHONE
from tests.scratch import ROOT

FIVE = [(190, 62), (104, 60), (96, 132), (140, 120), (182, 138), (194, 178), (170, 214),
        (124, 226), (82, 206)]  # fmt: skip
VIEWS = {
    "page": ({"width": 1280, "height": 1440}, "light"),
    "page-phone": (PHONE, "dark"),
}


def main() -> None:
    """Take the pictures."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with browser.started() as window:
        for name, (viewport, scheme) in VIEWS.items():
            with browser.opened(window, ROOT / PAGE, viewport, scheme) as one:
                one.draw(FIVE)
                one.shown()
                one.page.mouse.move(5, 5)
                one.page.wait_for_timeout(1000)
                shot = Image.open(io.BytesIO(one.page.screenshot()))
                few = shot.convert("RGB").quantize(256, dither=Image.Dither.NONE)
                few.save(ROOT / f"docs/pictures/{name}.png", optimize=True)


if __name__ == "__main__":
    main()
