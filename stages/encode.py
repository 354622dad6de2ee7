"""Bring the images to their side; put one-hot labels and the pixel scale beside them.

In: data/split/{train,validation,test}.parquet. Out: data/encoded/{train,validation,test}.npz.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from stages.common import params
from stages.common.areas import SIDE, overlaps
from stages.common.artifacts import digits, encoded
from stages.common.artifacts.digits import Digits
from stages.common.artifacts.encoded import Encoded
from stages.common.command import run_stage
from stages.common.files import together
from stages.common.progress import shown
from stages.common.scratch import refuse_no_room_for_outs
from stages.network.ahead import ahead

PARAMS = {
    "encode": {
        "side": {"type": "integer", "enum": [28, 20, 16, 14, 8]},
        "pixel_scale": {"type": "number", "minimum": 0.001, "maximum": 1000000},
    }
}

_BLOCK_ROWS = 2000  # images averaged at once: 6 MB of whole numbers

Pixels = npt.NDArray[np.uint8]


def one_hot(labels: npt.NDArray[np.uint8], classes: int) -> npt.NDArray[np.uint8]:
    """Return Y (n, classes): a 1 at each label of `labels` (n,), 0 elsewhere."""
    return np.eye(classes, dtype=np.uint8)[labels]


def averaged(pixels: Pixels, side: int) -> Pixels:
    """Return images (n, 784) at another side: (n, side²) means of the areas, halves rounded up."""
    if side == SIDE:
        return pixels
    blocks = np.split(pixels, range(_BLOCK_ROWS, len(pixels), _BLOCK_ROWS))
    return np.concatenate([_averaged(block, side) for block in blocks])


def _averaged(pixels: Pixels, side: int) -> Pixels:
    """Return what `averaged` does, of a few images."""
    share, images = overlaps(side), pixels.reshape(-1, SIDE, SIDE).astype(np.int32)
    area = SIDE * SIDE  # of a pixel of ours, in units
    sums = share @ images @ share.T
    return ((2 * sums + area) // (2 * area)).astype(np.uint8).reshape(-1, side * side)


def encode(source: Digits, side: int, pixel_scale: float) -> Encoded:
    """Return the digits as the network takes them; the pixels stay whole numbers until then."""
    X, Y = averaged(source.pixels, side), one_hot(source.label, 10)
    return Encoded(X, Y, source.row, pixel_scale)


def main() -> None:
    """Run the stage."""
    settings = params.load("encode")
    side, pixel_scale = settings["side"], float(settings["pixel_scale"])
    with digits.opened_split() as parts, ThreadPoolExecutor(1) as reader, together():
        everything = sum(len(part.row) for part in parts)
        refuse_no_room_for_outs(encoded.TRAIN, encoded.size(everything, side))
        for path, part in zip(encoded.PARTS, parts, strict=True):
            rows = len(part.row)
            done = (encode(piece, side, pixel_scale) for piece in ahead(reader, part.pieces()))
            told = shown(done, f"encode {path.stem}", rows, lambda piece: len(piece.row))
            encoded.write_pieces(path, rows, side, pixel_scale, told)


if __name__ == "__main__":
    run_stage(main, __doc__)
