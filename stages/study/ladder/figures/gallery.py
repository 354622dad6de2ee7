"""Which figures there are, and which numbers each is drawn from."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from stages.study.ladder.figures import learning, steps, strokes, worth
from stages.study.ladder.figures.learning import Course
from stages.study.ladder.figures.steps import Line
from stages.study.ladder.figures.worth import Idea
from stages.study.ladder.intervals import Spread
from stages.study.ladder.ledger import Ledger
from stages.study.ladder.published import POST, RECORDS
from stages.study.ladder.seeds import Standing

_VALIDATION_ACCURACY = 3  # place in a training's curve


def draw_all(found: Sequence[Standing], made: Ledger) -> dict[str, Figure]:
    """Return the figures by name."""
    climb = [one for one in found if one.setting.group == "climb"]
    lines = [Line(POST.accuracy, "the post")]
    lines += [Line(one.accuracy, "published") for one in RECORDS]
    lines += [
        Line(one.scores["test"].mean, one.setting.label.lower())
        for one in found
        if one.setting.group == "beside" and one.setting.name == "linear"
    ]
    return {
        "ladder": steps.draw([(one.setting.label, one.scores["test"]) for one in climb], lines),
        "worth": worth.draw([_idea(one, found) for one in climb[1:]]),
        "learning": learning.draw([_course(one) for one in climb]),
        "first_layer": strokes.draw(
            {
                climb[0].setting.label: made.layers[climb[0].setting.name],
                "The top": made.layers[climb[-1].setting.name],
            }
        ),
    }


def _idea(rung: Standing, found: Sequence[Standing]) -> Idea:
    """Return what a rung's idea is worth, added and left out."""
    without = [one for one in found if one.setting.name == f"without {rung.setting.name}"]
    lost = _turned(without[0].difference.get("test")) if without else None
    return Idea(rung.setting.label, rung.difference.get("test"), lost)


def _turned(difference: Spread | None) -> Spread | None:
    """Return a difference the other way round."""
    if difference is None or difference.low is None or difference.high is None:
        return None if difference is None else difference._replace(mean=-difference.mean)
    return difference._replace(mean=-difference.mean, low=-difference.high, high=-difference.low)


def _course(rung: Standing) -> Course:
    """Return how a rung learned, the mean of its seeds."""
    curves = np.array([one.curve[_VALIDATION_ACCURACY] for one in rung.trainings], np.float64)
    return Course(rung.setting.label, rung.trainings[0].moments, curves.mean(axis=0))
