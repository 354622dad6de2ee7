"""The first layer's weights as pictures, and what training added to them."""

import math

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stages.figures import tiles
from stages.figures.style import BLUE, GREY, HALF, VERMILION, head, new_figure, ramp, write

MOST = 16  # units shown; more would be too small to see

_COLUMNS = 4
_ROOM = 84  # pixels for a unit
_PITCH = (88, 126)  # pixels from one unit to the next; its number goes above
_LEFTS, _TOP = (15, 386), 190
_STEPS = 128  # of colour, on each side of 0
_BAR = 24  # pixels from end to end of the key, down

Floats = npt.NDArray[np.floating]


def draw(initial: Floats, trained: Floats) -> Figure:
    """Return the sheet of W1 (units, side²) after training, beside its change since before it."""
    shown = trained[:MOST].astype(np.float64)
    learned = shown - initial[:MOST]
    bottom = _TOP - 24 + math.ceil(len(shown) / _COLUMNS) * _PITCH[1]
    figure = new_figure(HALF, bottom + 132)
    which = "All" if len(trained) <= MOST else f"The first {MOST} of"
    note = (
        f"{which} {len(trained):,} units. Ink on blue raises a unit's sum,\non orange it lowers it."
    )
    head(figure, "What the first layer learned: look for strokes", note)
    names = ("weights after training", "learned: after − before")
    for left, name, weights in zip(_LEFTS, names, (shown, learned), strict=True):
        limit = _limit(weights)
        write(figure, left, _TOP - 60, name, fontsize=10)
        for unit, row in enumerate(weights):
            across = left + unit % _COLUMNS * _PITCH[0]
            down = _TOP + unit // _COLUMNS * _PITCH[1]
            write(figure, across, down - 2, f"{unit + 1}", va="bottom", fontsize=8, color=GREY)
            tiles.place(figure, _coloured(row, limit), across, down, _ROOM)
        _draw_key(figure, limit, left + 47, bottom + 8)
    return figure


def _limit(weights: Floats) -> float:
    """Return where the scale ends: 1 weight in 200 lies beyond, that few would fade the rest."""
    sizes = np.sort(np.abs(weights), axis=None, kind="stable")
    return float(sizes[(len(sizes) - 1) * 199 // 200]) or 1.0


def _coloured(weights: Floats, limit: float) -> tiles.Colours:
    """Return a unit's weights (side²,) as colours: (side, side, 3)."""
    side = math.isqrt(len(weights))
    sizes = np.minimum(np.abs(weights) / limit, 1)
    step = (sizes * (_STEPS - 1) + 0.5).astype(np.intp).reshape(side, side)
    above = (weights > 0).reshape(side, side, 1)
    return np.where(above, ramp(BLUE, _STEPS)[step], ramp(VERMILION, _STEPS)[step])


def _draw_key(figure: Figure, limit: float, left: int, top: int) -> None:
    """Draw the scale of colours from -limit to limit."""
    colours = np.concatenate([ramp(VERMILION, _STEPS)[::-1], ramp(BLUE, _STEPS)])
    tiles.paste(figure, np.tile(colours, (_BAR, 1, 1)), left, top)
    for across, text in ((0, f"≤ −{limit:.2g}"), (1, "0"), (2, f"≥ {limit:.2g}")):
        write(figure, left + across * _STEPS, top + _BAR + 6, text, ha="center")
    beyond = "1 weight in 200 lies beyond"
    write(figure, left + _STEPS, top + _BAR + 40, beyond, ha="center", fontsize=8, color=GREY)
