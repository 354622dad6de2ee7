"""Draw the network's first weights and biases.

In: nothing but its params. Out: data/weights/initial.npz.
"""

import numpy as np

from stages.common import params
from stages.common.artifacts import weights
from stages.common.command import run_stage
from stages.common.scratch import refuse_no_room_for_outs
from stages.network.first_weights import FIRST_WEIGHTS, draw
from stages.network.parameters import count

PARAMS = {
    "initialize": {
        "layers": {
            "type": "array",
            "minItems": 2,
            "items": {"type": "integer", "minimum": 1, "maximum": 10000},
            "prefixItems": [{"type": "integer", "enum": [784, 400, 256, 196, 64]}],
            "lastItem": 10,
        },
        "first_weights": {"keys_of": "network/first_weights.py:FIRST_WEIGHTS"},
        "seed": {"type": "integer", "minimum": 0, "maximum": 4294967295},
    }
}


def main() -> None:
    """Run the stage."""
    settings = params.load("initialize")
    rng = np.random.default_rng(settings["seed"])
    drawn = draw(settings["layers"], FIRST_WEIGHTS[settings["first_weights"]], rng)
    refuse_no_room_for_outs(weights.INITIAL, count(drawn) * np.float64().itemsize)
    weights.write(weights.INITIAL, drawn)


if __name__ == "__main__":
    run_stage(main, __doc__)
