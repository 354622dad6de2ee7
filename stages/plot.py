"""Draw what the run did.

In: data/history.parquet, data/predictions.parquet, data/encoded/test.npz,
data/weights/{initial,trained}.npz, data/reference/post-cost-curve.csv, reports/metrics.json,
reports/snapshots.csv.
Out: reports/figures/.
"""

from concurrent.futures import ThreadPoolExecutor

from matplotlib.figure import Figure

from stages.common import params
from stages.common.artifacts import (
    evaluated,
    history,
    reference,
    reports,
    trained,
    weights,
)
from stages.common.artifacts.encoded import Encoded
from stages.common.artifacts.predictions import Answers
from stages.common.command import run_stage
from stages.common.errors import unusable
from stages.common.files import replacing, together
from stages.common.scratch import refuse_no_room
from stages.figures import confusion, first_layer, learning_curve, mistakes, per_class
from stages.figures.learning_curve import Run
from stages.figures.style import plain, to_png
from stages.network.scores import confusion_matrix


def draw_predictions(made: Answers, test: Encoded) -> dict[str, Figure]:
    """Return the figures about the test images, by name."""
    counts = confusion_matrix(made.label, made.predicted, 10)
    return {
        "confusion": confusion.draw(counts, "Confusion matrix: test images"),
        "per_class": per_class.draw(counts),
        "mistakes": mistakes.draw(test.X, made.label, made.predicted, made.sureness),
    }


def draw_training() -> dict[str, Figure]:
    """Return the figures about the training, by name."""
    course, metrics = history.read(history.HISTORY), evaluated.read_metrics()
    run = Run(course.columns, metrics, evaluated.read_snapshots())
    return {
        "learning_curve": learning_curve.draw(run, reference.read_post_costs()),
        "first_layer": first_layer.draw(*read_first_weights()),
    }


def read_first_weights() -> tuple[weights.Floats, weights.Floats]:
    """Return W1 before and after training; raises DigitsError unless their shapes agree."""
    before, _ = weights.read(weights.INITIAL)[0]
    after, _ = trained.read(trained.TRAINED).layers[0]
    if before.shape != after.shape:
        reason = f"its W1 is {after.shape}, but that of {weights.INITIAL} is {before.shape}"
        raise unusable(trained.TRAINED, "train", reason)
    return before, after


def _pictures(figures: dict[str, Figure]) -> dict[str, bytes]:
    """Return figures as PNG files, by their names."""
    return {name: to_png(figure) for name, figure in figures.items()}


def main() -> None:
    """Run the stage."""
    params.check_file()
    with plain(), ThreadPoolExecutor(1) as reader:
        test = reader.submit(evaluated.read_test)  # many rows take a while
        pictures = _pictures(draw_training())
        pictures |= _pictures(draw_predictions(*test.result()))
    refuse_no_room(reports.FIGURES, sum(map(len, pictures.values())))
    with together():
        for name, picture in pictures.items():
            with replacing(reports.FIGURES / f"{name}.png") as file:
                file.write(picture)
    reports.keep_figures(reports.FIGURES, pictures)


if __name__ == "__main__":
    run_stage(main, __doc__)
