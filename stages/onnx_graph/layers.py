"""The layers as operators, with images as rows: Z = A Wᵀ + b, and an activation of each Z."""

from collections.abc import Callable, Iterator

import numpy as np
from onnx import NodeProto, TensorProto

from stages.network.parameters import Parameters
from stages.onnx_graph.part import Part, node, number


def _alone(operator: str) -> Callable[[str, str], Part]:
    """Return what makes A of Z by one operator."""
    return lambda Z, A: Part([node(operator, Z, A)], {})


def _silu(Z: str, A: str) -> Part:
    """Return what makes Z sigmoid(Z) as h + h tanh(h), h = Z / 2.

    Not by Sigmoid: onnxruntime 1.17 makes one operator of it and Mul, which it has for float32
    alone, and fails.
    """
    h, tanh, product = (f"{A}_{name}" for name in ("half", "tanh", "product"))
    nodes = [
        node("Mul", f"{Z} half", h),
        node("Tanh", h, tanh),
        node("Mul", f"{h} {tanh}", product),
        node("Sum", f"{h} {product}", A),
    ]
    return Part(nodes, {"half": number(0.5)})


# By the names of `network.activations`: from the names of Z and A to what makes A of Z.
OPERATORS: dict[str, Callable[[str, str], Part]] = {
    "sigmoid": _alone("Sigmoid"),
    "tanh": _alone("Tanh"),
    "relu": _alone("Relu"),
    "silu": _silu,
}


def layers_of(parameters: Parameters, pixel_scale: float, activation: str) -> Iterator[Part]:
    """Yield what makes "label" and "probabilities" of "images" (n, side²) float64."""
    yield Part([node("Div", "images pixel_scale", "A0")], {"pixel_scale": number(pixel_scale)})
    last = len(parameters)
    for count, (W, b) in enumerate(parameters, start=1):
        turned = np.ascontiguousarray(W.T, np.float64)
        held = {f"W{count}": turned, f"b{count}": b.astype(np.float64)}
        yield Part(_sums(count), held)
        if count < last:
            yield OPERATORS[activation](f"Z{count}", f"A{count}")
    yield Part(_answers(f"Z{last}"), {})


def _sums(count: int) -> list[NodeProto]:
    """Return what makes Z of a layer.

    Not by Gemm: onnxruntime 1.17 makes one operator of it and an activation, which it has for
    float32 alone, and fails. Nor by Add, for of MatMul and Add a runtime may make a Gemm.
    """
    return [
        node("MatMul", f"A{count - 1} W{count}", f"products{count}"),
        node("Sum", f"products{count} b{count}", f"Z{count}"),
    ]


def _answers(Z: str) -> list[NodeProto]:
    """Return what makes the outputs; of equal digits the label is the first, as in NumPy."""
    return [
        node("ArgMax", Z, "label", axis=1, keepdims=0),
        node("Softmax", Z, "P", axis=1),
        node("Cast", "P", "probabilities", to=TensorProto.FLOAT),
    ]
