"""One colour for each scale, everywhere in the study; apart for colour-blind readers too."""

from stages.figures.style import BLUE, VERMILION

COLOURS = {"raw": VERMILION, "scaled": BLUE}
TINTS = {"raw": "#F3C9AB", "scaled": "#A9D3EC"}
BOTH = "#8E9AA6"  # where tints overlap
NAMES = {"raw": "raw pixels, 0–255", "scaled": "pixels divided by 255"}
