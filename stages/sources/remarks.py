"""What a careful reader says of digits that can be read, but may not be what was meant."""

from stages.common.errors import DigitsError
from stages.sources.seen import BORDER, Seen

# The mean of the outermost pixels: MNIST's are below 1, a scan on white paper has over 200.
BRIGHT_PAPER = 191


def remarks(shown: Seen, times: int) -> list[str]:
    """Return what is odd about a source, a line each; raises DigitsError if all images are blank.

    shown: what it shows. times: what the pixels of parts without a fraction are multiplied by.
    """
    n, blank = shown.rows, shown.blank
    if shown.first_blank is None:
        said = []
    elif blank == n:
        raise DigitsError(f"all {n} images are blank; expected digits in them")
    else:
        said = [f"{blank} of {n} images are blank, first row {shown.first_blank + 1}"]
    paper = (shown.border + (times - 1) * shown.whole_border) / (n * BORDER)
    if paper > BRIGHT_PAPER:
        said.append(
            f"the colours look inverted: the border of the images is {paper:.0f} in the mean; "
            f"expected 0 for paper and 255 for ink"
        )
    return said
