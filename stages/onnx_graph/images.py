"""The first part of the graph: from pixels to what the network takes, as `encode` makes it."""

import numpy as np
from onnx import TensorProto

from stages.common.areas import SIDE, overlaps
from stages.onnx_graph.part import Part, node, number


def at_side(side: int) -> Part:
    """Return what makes "images" (n, side²) float64 of "pixels" (n, 784) float32, 0 to 255."""
    cast = node("Cast", "pixels", "images" if side == SIDE else "wide", to=TensorProto.DOUBLE)
    return Part([cast], {}) if side == SIDE else _averaged(side, Part([cast], {}))


def _averaged(side: int, before: Part) -> Part:
    """Return a part and then the means of areas, halves rounded up, of "wide" (n, 784).

    The sums are of whole numbers, and so the same as those of `encode`; a quotient that is no
    whole number is 1/1568 from one at least, which no rounding bridges.
    """
    share, area = overlaps(side).astype(np.float64), SIDE * SIDE
    nodes = [
        node("Reshape", "wide square", "squares"),
        node("MatMul", "share squares", "rows"),
        node("MatMul", "rows share_turned", "sums"),
        node("Mul", "sums two", "doubled"),
        node("Add", "doubled area", "raised"),
        node("Div", "raised twice_area", "means"),
        node("Floor", "means", "rounded"),
        node("Reshape", "rounded flat", "images"),
    ]
    constants = {
        "square": np.array([0, SIDE, SIDE], np.int64),  # 0: as many as there are
        "flat": np.array([0, side * side], np.int64),
        "share": share,
        "share_turned": np.ascontiguousarray(share.T),
        "two": number(2),
        "area": number(area),
        "twice_area": number(2 * area),
    }
    return Part([*before.nodes, *nodes], constants)
