"""The exported network, run by another program, against the network in NumPy."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
from scipy.special import expit, softmax

from stages.common.artifacts.encoded import Encoded
from stages.common.artifacts.trained import Trained
from stages.common.errors import DigitsError
from stages.encode import averaged
from stages.network.activations import ACTIVATIONS
from stages.network.first_weights import FIRST_WEIGHTS, draw
from stages.network.judging import Judge
from stages.network.parameters import Parameters
from stages.onnx_graph import model
from stages.onnx_graph.layers import OPERATORS
from stages.onnx_graph.model import file_of, model_of
from tests.network import helpers

Bytes = npt.NDArray[np.uint8]
Doubles = npt.NDArray[np.float64]

FORMULAS = {
    "sigmoid": expit,
    "tanh": np.tanh,
    "relu": lambda Z: np.maximum(Z, 0),
    "silu": lambda Z: Z * expit(Z),
}


class Answer(NamedTuple):
    """label: (n,) int64. probabilities: (n, 10) float32."""

    label: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float32]


def run(network: Trained, pixels: Bytes) -> Answer:
    """Return what the runtime makes of the exported network and images (n, 784)."""
    exported = file_of(model_of(network, {}))
    onnx.checker.check_model(exported, full_check=True)
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    return Answer(*session.run(None, {"pixels": pixels.astype(np.float32)}))


def by_hand(network: Trained, pixels: Bytes) -> Doubles:
    """Return probabilities (n, 10) by the plain formulas in float64."""
    A = averaged(pixels, network.side) / network.pixel_scale
    *hidden, (W, b) = [(W.astype(float), b.astype(float)) for W, b in network.layers]
    for inner, bias in hidden:
        A = FORMULAS[network.activation](A @ inner.T + bias)
    P: Doubles = softmax(A @ W.T + b, axis=1)
    return P


def random_layers(sizes: Sequence[int], seed: int, spread: float = 4.0) -> Parameters:
    """Return weights as large as those of a network that has learned."""
    rng = np.random.default_rng(seed)
    return [
        (rng.normal(0, spread / np.sqrt(n_in), (n_out, n_in)), rng.normal(0, 0.5, n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def network_of(
    sizes: Sequence[int], activation: str = "sigmoid", scale: float = 255.0, dtype: str = "float64"
) -> Trained:
    """Return a network for images at a scale; weights for pixels to 255 are as much smaller."""
    (W, b), *others = random_layers(sizes, len(sizes))
    layers = [(W * scale / 255, b), *others]
    typed = [(W.astype(dtype), b.astype(dtype)) for W, b in layers]
    return Trained(typed, scale, round(sizes[0] ** 0.5), activation)


def assert_same(found: Answer, P: Doubles) -> None:
    """Assert that answers are those of probabilities (n, 10)."""
    assert [array.dtype.name for array in found] == ["int64", "float32"]
    assert np.abs(found.probabilities - P).max() < 1e-6
    second, best = np.sort(P, axis=1)[:, -2:].T
    clear = best - second > 1e-5
    assert clear.sum() >= 0.9 * len(P)
    assert np.array_equal(found.label[clear], P.argmax(axis=1)[clear])


NETWORKS = {
    "as the post's": network_of([784, 16, 16, 10]),
    "at raw pixels": network_of([784, 16, 16, 10], scale=1.0),
    "without a hidden layer": network_of([784, 10]),
    "of many layers": network_of([784, 20, 15, 12, 30, 10], "tanh"),
    "of one unit": network_of([784, 1, 10], "silu"),
    "wide": network_of([784, 300, 10], "relu"),
    "in float32": network_of([784, 30, 10], "relu", dtype="float32"),
    "of SiLU at raw pixels": network_of([784, 30, 20, 10], "silu", scale=1.0),
    "of side 20": network_of([400, 12, 10], "tanh"),
    "of side 16": network_of([256, 12, 10], "silu", scale=1.0),
    "of side 14": network_of([196, 12, 10]),
    "of side 8": network_of([64, 12, 10], "relu", scale=3.7),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_another_program_reads_what_numpy_reads(name: str, mnist: Encoded) -> None:
    network = NETWORKS[name]
    assert_same(run(network, mnist.X), by_hand(network, mnist.X))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_trained_network_reads_what_the_pipeline_says(activation: str, mnist: Encoded) -> None:
    done = helpers.trained(
        draw([784, 16, 16, 10], FIRST_WEIGHTS["glorot"], np.random.default_rng(1)),
        *(Encoded(mnist.X[:300], mnist.Y[:300], mnist.row[:300], 255.0), 25, 0.8, "float64"),
        activation=activation,
    )
    network = Trained(done.parameters, 255.0, 28, activation)
    judge = Judge(network.layers, 255.0, ACTIVATIONS[activation])
    said = judge.hear(mnist.X, mnist.Y.argmax(axis=1))
    found = run(network, mnist.X)
    assert_same(found, said.P)
    assert np.mean(found.label == said.predicted) > 0.999


def test_every_activation_has_its_operators() -> None:
    assert list(OPERATORS) == list(ACTIVATIONS) == list(FORMULAS)


@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("sizes", [[784, 5, 10], [400, 5, 10]])
def test_any_number_of_images(n: int, sizes: list[int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (n, 784), np.uint8)
    found = run(network_of(sizes), pixels)
    assert (found.label.shape, found.probabilities.shape) == ((n,), (n, 10))


def test_weights_that_saturate_every_unit_overflow_nowhere() -> None:
    layers = [(W * 1e6, b) for W, b in random_layers([784, 5, 10], 1)]
    pixels = np.random.default_rng(1).integers(0, 256, (20, 784), np.uint8)
    for activation in ACTIVATIONS:
        found = run(Trained(layers, 255.0, 28, activation), pixels)
        assert np.isfinite(found.probabilities).all()
        assert found.probabilities.sum(axis=1) == pytest.approx(1)


def test_of_equal_digits_the_label_is_the_first() -> None:
    blank = Trained([(np.zeros((10, 784)), np.zeros(10))], 255.0, 28, "tanh")
    found = run(blank, np.ones((2, 784), np.uint8))
    assert found.label.tolist() == [0, 0]
    assert found.probabilities == pytest.approx(0.1)


def test_the_versions_are_those_that_old_runtimes_know() -> None:
    made = model_of(network_of([400, 5, 10], "silu"), {})
    assert (made.ir_version, [opset.version for opset in made.opset_import]) == (7, [13])
    assert [opset.domain for opset in made.opset_import] == [""]


# What onnxruntime 1.17 runs in float64. Of Gemm and an activation, or Sigmoid and Mul, it makes
# operators that it has in float32 alone.
OF_IMAGES = {"Reshape", "MatMul", "Mul", "Add", "Div", "Floor", "Cast"}
OF_LAYERS = {"Div", "MatMul", "Sum", "ArgMax", "Softmax", "Cast"}
OF_ACTIVATIONS = {"sigmoid": {"Sigmoid"}, "tanh": {"Tanh"}, "relu": {"Relu"}}
OF_ACTIVATIONS["silu"] = {"Tanh", "Mul"}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_no_operator_that_an_old_runtime_has_in_float32_alone(activation: str) -> None:
    made = model_of(network_of([784, 5, 4, 10], activation), {})
    found = {node.op_type for node in made.graph.node}
    assert found == OF_LAYERS | OF_ACTIVATIONS[activation]
    made = model_of(network_of([400, 5, 10], activation), {})
    assert {node.op_type for node in made.graph.node} == found | OF_IMAGES


def test_it_computes_in_float64_from_its_input_to_its_outputs() -> None:
    made = onnx.shape_inference.infer_shapes(model_of(network_of([400, 5, 10], "silu"), {}))
    kinds = {value.name: value.type.tensor_type.elem_type for value in made.graph.value_info}
    assert {"A0", "A1", "Z2", "P", "images"} <= kinds.keys()
    assert set(kinds.values()) == {onnx.TensorProto.DOUBLE}


def test_what_is_told_of_it_is_its_metadata_and_the_bytes_are_the_same() -> None:
    network, told = network_of([784, 5, 10]), {"b": "1", "a": "ä"}
    first = file_of(model_of(network, told))
    assert first == file_of(model_of(network, told))
    held = onnx.load_from_string(first)
    assert [(entry.key, entry.value) for entry in held.metadata_props] == list(told.items())
    assert held.producer_name == "digits-from-scratch"


def test_more_than_a_file_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST_PARAMETERS", 100)
    with pytest.raises(DigitsError, match=r"3,985 parameters.*initialize\.layers"):
        model_of(network_of([784, 5, 10]), {})


def weights_of(made: Any) -> dict[str, Doubles]:
    """Return a model's constants by name."""
    return {held.name: onnx.numpy_helper.to_array(held) for held in made.graph.initializer}


def test_the_weights_inside_are_the_network_s() -> None:
    network = network_of([784, 5, 10])
    held = weights_of(model_of(network, {}))
    for number, (W, b) in enumerate(network.layers, start=1):
        assert np.array_equal(held[f"W{number}"], W.T)
        assert np.array_equal(held[f"b{number}"], b)
