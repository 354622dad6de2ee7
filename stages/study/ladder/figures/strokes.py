"""The first layer's weights of two networks, unit by unit: the post's beside the top's."""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stages.figures import tiles
from stages.figures.style import BLUE, HALF, VERMILION, head, new_figure, ramp, write

Floats = npt.NDArray[np.floating]

_COLUMNS, _ROOM, _PITCH = 4, 146, 156
_LEFT, _TOP = 28, 152
_STEPS = 128  # of colour, on each side of 0
_MOST = 16


def draw(layers: Mapping[str, Floats]) -> Figure:
    """Return the figure; layers: W1 (units, side²) by label, two of them."""
    rows = max(math.ceil(min(len(W), _MOST) / _COLUMNS) for W in layers.values())
    figure = new_figure(2 * HALF, _TOP + rows * _PITCH + 20)
    note = (
        "A picture a unit: ink on blue raises its sum, ink on orange lowers it; each network in a "
        "scale of its own."
    )
    head(figure, "What the first layer learned", note)
    for number, (label, W) in enumerate(layers.items()):
        left = _LEFT + number * HALF
        write(figure, left, _TOP - 46, label, fontsize=10)
        limit = float(np.quantile(np.abs(W), 0.995)) or 1.0
        for unit, weights in enumerate(W[:_MOST]):
            tiles.place(
                figure, _coloured(weights / limit), left + unit % _COLUMNS * _PITCH,
                _TOP + unit // _COLUMNS * _PITCH, _ROOM,
            )  # fmt: skip
    return figure


def _coloured(weights: Floats) -> tiles.Colours:
    """Return a unit's weights (side²,), 1 at the end of the scale, as colours (side, side, 3)."""
    side = math.isqrt(len(weights))
    sizes = np.minimum(np.abs(weights), 1)
    step = (sizes * (_STEPS - 1) + 0.5).astype(np.intp).reshape(side, side)
    above = (weights > 0).reshape(side, side, 1)
    return np.where(above, ramp(BLUE, _STEPS)[step], ramp(VERMILION, _STEPS)[step])
