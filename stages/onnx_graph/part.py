"""A part of a graph: operators that follow one another, and the numbers that they take."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from onnx import NodeProto, helper

Constants = Mapping[str, npt.NDArray[Any]]


class Part(NamedTuple):
    """nodes: in the order in which they compute. constants: what they take beside, by name."""

    nodes: list[NodeProto]
    constants: Constants


def number(value: float) -> npt.NDArray[np.float64]:
    """Return a number as a constant."""
    return np.array(value, np.float64)


def node(operator: str, taken: str, gives: str, **attributes: Any) -> NodeProto:
    """Return an operator, named for the value it gives, that takes values named in one text."""
    return helper.make_node(operator, taken.split(), [gives], name=gives, **attributes)
