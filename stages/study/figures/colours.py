"""One colour for each scale, everywhere in the study; apart for colour-blind readers too."""

from stages.figures.style import BLUE, VERMILION

COLOURS = {"raw": VERMILION, "scaled": BLUE}
NAMES = {"raw": "raw pixels, 0–255", "scaled": "pixels divided by 255"}
