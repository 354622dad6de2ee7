"""What sets the targets of training: label smoothing, and a teacher that has learned before."""

from collections.abc import Callable
from typing import NamedTuple

from stages.network.activations import Activation
from stages.network.cost import Truth
from stages.network.parameters import Floats, Parameters, cast
from stages.network.propagation import forward
from stages.network.recipe import Recipe
from stages.network.targets import smoothed, softened, taught

# Sets the targets of some images: takes their A0 and truth.
Aim = Callable[[Floats, Truth], Truth]


class Teacher(NamedTuple):
    """A trained network, for images of the student's side and pixel scale."""

    parameters: Parameters
    activation: Activation


def aim_of(recipe: Recipe, teacher: Teacher | None, pixel_scale: float) -> Aim | None:
    """Return what sets targets by a recipe, or None where the truth is what training aims at."""
    smooth = _smoothing(recipe.label_smoothing)
    return _teaching(recipe, teacher, pixel_scale, smooth) if teacher else smooth


def _smoothing(share: float) -> Aim | None:
    """Return what smooths labels by a share."""
    return (lambda _, truth: smoothed(truth, share)) if share else None


def _teaching(recipe: Recipe, teacher: Teacher, pixel_scale: float, before: Aim | None) -> Aim:
    """Return what moves targets, as `before` has set them, to what a teacher says of the images."""
    parameters = cast(teacher.parameters, recipe.arithmetic.weights)
    network = recipe.arithmetic.network(
        softened(parameters, recipe.teacher_temperature), pixel_scale, teacher.activation
    )

    def aim(A0: Floats, truth: Truth) -> Truth:
        *_, guess = forward(network, A0)
        return taught(before(A0, truth) if before else truth, guess.P, recipe.teacher_weight)

    return aim
