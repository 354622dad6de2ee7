"""The whole model: the network's parts, its inputs and outputs, and what is told of it."""

from collections.abc import Mapping

from onnx import GraphProto, ModelProto, TensorProto, helper, numpy_helper

from stages.common.artifacts.trained import Trained
from stages.common.errors import DigitsError
from stages.network.parameters import count
from stages.onnx_graph.images import at_side
from stages.onnx_graph.layers import layers_of

# Of December 2020: each operator here had its present form by then. A model of a newer version than
# a runtime knows is refused by it, whatever its operators are; onnxruntime 1.17 knows 20 and 9.
OPSET, IR_VERSION = 13, 7
MOST_PARAMETERS = 250_000_000  # a file holds 2 GiB, and a parameter is 8 bytes


def model_of(network: Trained, told: Mapping[str, str]) -> ModelProto:
    """Return a network as a model that computes in float64 between its input and its outputs.

    Input: "pixels" (n, 784) float32 from 0 to 255, whatever the network's side and scale. Outputs:
    "label" (n,) int64 and "probabilities" (n, 10) float32. told: the model's metadata. Raises
    DigitsError for more parameters than the format holds.
    """
    if count(network.layers) > MOST_PARAMETERS:
        raise DigitsError(
            f"the network has {count(network.layers):,} parameters, but an ONNX file holds "
            f"{MOST_PARAMETERS:,}; expected smaller initialize.layers"
        )
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(_graph_of(network), opset_imports=[opset], ir_version=IR_VERSION)
    model.producer_name = "digits-from-scratch"
    helper.set_model_props(model, dict(told))
    return model


def _graph_of(network: Trained) -> GraphProto:
    """Return the operators from the input to the outputs, and the numbers that they take."""
    parts = [
        at_side(network.side),
        *layers_of(network.layers, network.pixel_scale, network.activation),
    ]
    constants = {name: array for part in parts for name, array in part.constants.items()}
    return helper.make_graph(
        [node for part in parts for node in part.nodes],
        "digits",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 784])],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, ["n"]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 10]),
        ],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )


def file_of(model: ModelProto) -> bytes:
    """Return a model as the bytes of a file, the same each time."""
    return bytes(model.SerializeToString(deterministic=True))
