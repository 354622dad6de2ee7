"""What the page carries: the network, its snapshots, some test digits and a few facts.

Arrays are base64 of little-endian numbers, and none is compressed: the same bytes everywhere.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from stages.common.artifacts.trained import Trained
from stages.network.parameters import Parameters, sizes_of
from stages.page.base64_text import base64_text
from stages.page.examples import Examples, chosen, squeezed
from stages.page.rounding import bits_for, float_bits_for, rounded

_MOST_ROWS = 2000  # test rows that say how exact the trained weights must be


class Snapshots(NamedTuple):
    """The network during the training.

    epochs: (k,), ascending; after the last it is the trained network. layers: of each, W (n_out,
    n_in) and b (n_out,) of each layer. accuracies: (k,) shares of the test rows read right.
    """

    epochs: Sequence[int]
    layers: Sequence[Parameters]
    accuracies: Sequence[float]


class Facts(NamedTuple):
    """What the page says of the network: rows, and the licences of code and digits, one line."""

    train_rows: int
    test_rows: int
    licence: str


def carried(
    trained: Trained, snapshots: Snapshots, examples: Examples, facts: Facts
) -> dict[str, Any]:
    """Return what the page carries, as JSON has it.

    The trained network is float32, or float64 where it must be; the snapshots before the last are
    whole numbers with steps. examples: all test rows.
    """
    earlier = snapshots.layers[:-1]
    some, way = chosen(examples), (trained.pixel_scale, trained.activation)
    bits = bits_for(earlier, some.X, *way)
    float_bits = float_bits_for(trained.layers, examples.X[:_MOST_ROWS], *way)
    return {
        "layers": sizes_of(trained.layers),
        "side": trained.side,
        "pixelScale": trained.pixel_scale,
        "activation": trained.activation,
        "trained": base64_text(_floats(trained.layers, float_bits)),
        "floatBits": float_bits,
        "epochs": list(snapshots.epochs),
        "accuracies": list(snapshots.accuracies),
        "bits": bits,
        "earlier": [base64_text(_steps_and_wholes(layers, bits)) for layers in earlier],
        "examples": [
            [int(label), int(predicted), squeezed(pixels)]
            for pixels, label, predicted in zip(*some, strict=True)
        ],
        "facts": facts._asdict(),
    }


def _floats(layers: Parameters, bits: int) -> Iterator[bytes]:
    """Yield all weights and biases as floats: W1, b1, W2, b2 and so on, each in C order."""
    for layer in layers:
        yield from (array.astype(f"<f{bits // 8}").tobytes() for array in layer)


def _steps_and_wholes(layers: Parameters, bits: int) -> Iterator[bytes]:
    """Yield of each layer the steps and b as float32, then the whole numbers of W."""
    for W, b in layers:
        steps, whole = rounded(W, bits)
        yield from (steps.astype("<f4").tobytes(), b.astype("<f4").tobytes())
        yield whole.astype(f"<i{bits // 8}").tobytes()
