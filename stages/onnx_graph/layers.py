"""The layers as operators, with images as rows: Z = A Wᵀ + b, and an activation of each Z."""

from collections.abc import Callable, Iterator

import numpy as np
from onnx import NodeProto, TensorProto

from stages.network.parameters import Parameters
from stages.onnx_graph.part import Part, node, number


def _silu(Z: str, A: str) -> list[NodeProto]:
    """Return Z sigmoid(Z), for which old runtimes have no operator."""
    return [node("Sigmoid", Z, f"{A}_share"), node("Mul", f"{Z} {A}_share", A)]


# By the names of `network.activations`: from the names of Z and A to what makes A of Z.
OPERATORS: dict[str, Callable[[str, str], list[NodeProto]]] = {
    "sigmoid": lambda Z, A: [node("Sigmoid", Z, A)],
    "tanh": lambda Z, A: [node("Tanh", Z, A)],
    "relu": lambda Z, A: [node("Relu", Z, A)],
    "silu": _silu,
}


def layers_of(parameters: Parameters, pixel_scale: float, activation: str) -> Iterator[Part]:
    """Yield what makes "label" and "probabilities" of "images" (n, side²) float64."""
    yield Part([node("Div", "images pixel_scale", "A0")], {"pixel_scale": number(pixel_scale)})
    last = len(parameters)
    for count, (W, b) in enumerate(parameters, start=1):
        taken = f"A{count - 1} W{count} b{count}"
        held = {f"W{count}": W.astype(np.float64), f"b{count}": b.astype(np.float64)}
        yield Part([node("Gemm", taken, f"Z{count}", transB=1)], held)
        if count < last:
            yield Part(OPERATORS[activation](f"Z{count}", f"A{count}"), {})
    yield Part(_answers(f"Z{last}"), {})


def _answers(Z: str) -> list[NodeProto]:
    """Return what makes the outputs; of equal digits the label is the first, as in NumPy."""
    return [
        node("ArgMax", Z, "label", axis=1, keepdims=0),
        node("Softmax", Z, "P", axis=1),
        node("Cast", "P", "probabilities", to=TensorProto.FLOAT),
    ]
