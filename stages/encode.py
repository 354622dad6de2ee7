"""Put one-hot labels beside the pixels, and the scale that pixels are divided by with them.

In: data/split/train.parquet, data/split/test.parquet.
Out: data/encoded/train.npz, data/encoded/test.npz.
"""

import numpy as np
import numpy.typing as npt

from stages.common import params
from stages.common.artifacts import digits, encoded
from stages.common.artifacts.digits import Digits
from stages.common.artifacts.encoded import Encoded
from stages.common.command import run_stage

PARAMS = {
    "encode": {
        "pixel_scale": {"type": "number", "minimum": 0.001, "maximum": 1000000},
    }
}


def one_hot(labels: npt.NDArray[np.uint8], classes: int) -> npt.NDArray[np.uint8]:
    """Return Y (n, classes): a 1 at each label of `labels` (n,), 0 elsewhere."""
    return np.eye(classes, dtype=np.uint8)[labels]


def encode(source: Digits, pixel_scale: float) -> Encoded:
    """Return the digits as the network takes them; the pixels stay whole numbers until then."""
    return Encoded(
        X=source.pixels, Y=one_hot(source.label, 10), row=source.row, pixel_scale=pixel_scale
    )


def main() -> None:
    """Run the stage."""
    pixel_scale = float(params.load("encode")["pixel_scale"])
    train, test = digits.read_split()
    encoded.write(encoded.TRAIN, encode(train, pixel_scale))
    encoded.write(encoded.TEST, encode(test, pixel_scale))


if __name__ == "__main__":
    run_stage(main, __doc__)
