"""Write the trained network for other programs, and a page to draw digits for it on.

In: data/weights/{trained,snapshots}.npz, data/encoded/{train,test}.npz, data/predictions.parquet,
reports/metrics.json, reports/snapshots.csv. Out: data/export/network.onnx, reports/page/index.html.
"""

import json
from collections.abc import Mapping
from typing import Any

from stages.common import params
from stages.common.artifacts import encoded, evaluated, exported, reports, snapshots, trained
from stages.common.artifacts.trained import Trained
from stages.common.command import run_stage
from stages.common.errors import unusable
from stages.common.files import together
from stages.common.scratch import refuse_no_room_for_outs
from stages.onnx_graph.model import file_of, model_of
from stages.page.assembling import page
from stages.page.carried import Facts, Snapshots
from stages.page.examples import Examples

# All that decides what the network is, and nothing else: another key must not write it anew.
SECTIONS = ("ingest", "split", "encode", "initialize", "train")
LICENCE = (
    "MIT; the digits that trained it have the licence of their source, which is CC BY-SA 3.0 "
    "for those of MNIST"
)


def metadata(settings: Mapping[str, Any], metrics: Mapping[str, float]) -> dict[str, str]:
    """Return what the model says of itself: settings as JSON, scores, hashes and the licence."""
    files = (trained.TRAINED, encoded.TRAIN, encoded.TEST)
    return {
        "params": json.dumps(settings, sort_keys=True),
        **{name: repr(value) for name, value in metrics.items()},
        **{f"sha256 of {path.as_posix()}": exported.sha256_of(path) for path in files},
        "licence": LICENCE,
    }


def read_snapshots() -> Snapshots:
    """Return the snapshots with their accuracies; raises DigitsError unless these are of them."""
    past, scores = snapshots.read(snapshots.SNAPSHOTS), evaluated.read_snapshots()
    if scores["epoch"].tolist() != past.epochs:
        reason = f"its epochs are not those of {snapshots.SNAPSHOTS}"
        raise unusable(reports.SNAPSHOTS, "evaluate", reason)
    layers = [network.layers for network in past.networks]
    return Snapshots(past.epochs, layers, scores["accuracy"].tolist())


def page_of(network: Trained) -> str:
    """Return the page with the network, its snapshots and some test digits."""
    train_rows = len(encoded.read(encoded.TRAIN).X)
    made, test = evaluated.read_test()
    examples = Examples(test.X, made.label, made.predicted)
    return page(network, read_snapshots(), examples, Facts(train_rows, len(test.X), LICENCE))


def main() -> None:
    """Run the stage."""
    sections = params.check_file()
    settings = {name: dict(sections[name]) for name in SECTIONS}
    network, metrics = trained.read(trained.TRAINED), evaluated.read_metrics()
    drawing, model = page_of(network), model_of(network, metadata(settings, metrics))
    outs = {exported.NETWORK: file_of(model), exported.PAGE: drawing.encode()}
    refuse_no_room_for_outs(exported.NETWORK, sum(map(len, outs.values())))
    with together():
        for path, content in outs.items():
            exported.write(path, content)


if __name__ == "__main__":
    run_stage(main, __doc__)
