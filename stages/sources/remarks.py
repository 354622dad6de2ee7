"""What a careful reader says of digits that can be read, but may not be what was meant."""

import numpy as np

from stages.common.errors import DigitsError
from stages.sources.columns import Labelled

# The mean of the outermost pixels: MNIST's are below 1, a scan on white paper has over 200.
BRIGHT_PAPER = 191


def remarks(digits: Labelled) -> list[str]:
    """Return what is odd about digits, a line each; raises DigitsError if all images are blank."""
    contrast = digits.pixels.max(axis=1) > digits.pixels.min(axis=1)
    n, blank = len(contrast), int(np.count_nonzero(~contrast))
    if blank == n:
        raise DigitsError(f"all {n} images are blank; expected digits in them")
    said = [f"{blank} of {n} images are blank, first row {contrast.argmin() + 1}"] if blank else []
    paper = float(_border(digits).mean())
    if paper > BRIGHT_PAPER:
        said.append(
            f"the colours look inverted: the border of the images is {paper:.0f} in the mean; "
            f"expected 0 for paper and 255 for ink"
        )
    return said


def _border(digits: Labelled) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return the outermost pixels of each image: (n, 108)."""
    images = digits.pixels.reshape(-1, 28, 28)
    sides = [images[:, 0], images[:, -1], images[:, 1:-1, 0], images[:, 1:-1, -1]]
    return np.concatenate(sides, axis=1)
