"""The exercises on what the network computes, and how it learns."""

import math

import numpy as np

from stages.tools.exercises.feedback import Floats, HintError, alike, called, exercise, numbers

_IN, _HIDDEN, _OUT = 784, 30, 10
_NEAR = 0.0006  # how far a number that is typed in may be from the true one


def _drawn(*shape: int) -> Floats:
    """Return the same numbers every time, from -1 to 1."""
    return np.random.default_rng(shape).uniform(-1, 1, shape)


@exercise
def parameter_count(answer: object) -> str:
    """Check how many parameters a network 784-30-10 has."""
    found = float(numbers(answer, (), "a whole number"))
    weights = _IN * _HIDDEN + _HIDDEN * _OUT
    if found == weights + _HIDDEN + _OUT:
        return (
            f"{found:,.0f}, and nearly all of them look at pixels: the first layer has "
            f"{(_IN + 1) * _HIDDEN:,}."
        )
    if found == weights:
        raise HintError("those are the weights. Each unit has a bias as well.")
    if found == _IN * _HIDDEN * _OUT:
        raise HintError("the layers' numbers add up; they are not multiplied.")
    raise HintError("a layer has n_out (n_in + 1) parameters, and there are two layers.")


@exercise
def softmax(answer: object) -> str:
    """Check a function of Z (10, n) that returns the softmax of each column."""
    Z = _drawn(10, 4)
    P = np.exp(Z) / np.exp(Z).sum(axis=0)
    found = numbers(called(answer, "Z", [Z]), Z.shape, "probabilities")
    if not alike(found, P):
        raise HintError(_wrong_softmax(found))
    for far in (1000, -1000):
        if not _holds(answer, Z + far, P):
            raise HintError(
                f"it is right for small Z, but not around {far:,}: the exponentials overflow, or "
                "all are 0. What may be taken off a whole column without changing its shares?"
            )
    return "and it does not overflow, because each column's largest number is taken off first."


def _holds(answer: object, Z: Floats, P: Floats) -> bool:
    """Tell whether a softmax gives P for Z."""
    try:
        return alike(numbers(called(answer, "Z", [Z]), Z.shape, "probabilities"), P)
    except HintError:
        return False


def _wrong_softmax(found: Floats) -> str:
    """Say what is wrong with a softmax."""
    if alike(found.sum(axis=0), np.ones(found.shape[1])):
        return "the columns sum to 1, but the shares are not those of exp(Z)."
    if alike(found.sum(axis=1), np.ones(len(found))):
        return "the rows sum to 1; but each column is an image."
    return f"each column is to sum to 1; your first one sums to {found[:, 0].sum():.3g}."


@exercise
def ignorance(answer: object) -> str:
    """Check the cost in nats of a network that gives each of ten digits the same probability."""
    found = float(numbers(answer, (), "a number of nats"))
    if abs(found - math.log(10)) < _NEAR:
        return (
            "ln 10. A network that costs more than this, as the one just drawn does, knows less "
            "than nothing: it is sure of what is wrong."
        )
    hints = {
        -math.log(10): "the logarithm of a probability is negative, but the cost has a minus.",
        1.0: "that is with the logarithm to base 10; nats are with the natural one.",
        math.log2(10): "that is in bits, with the logarithm to base 2; nats are with the natural.",
        10 * math.log(10): "only the true digit's term is not multiplied by 0.",
    }
    for wrong, hint in hints.items():
        if abs(found - wrong) < _NEAR:
            raise HintError(hint)
    raise HintError("of the sum over the digits only the true one is left, with p = 1/10.")


@exercise
def hidden_error(answer: object) -> str:
    """Check a function of W, delta and A that returns the delta of the layer below, of A."""
    W, delta, A = _drawn(10, 16), _drawn(10, 5), (_drawn(16, 5) + 1) / 2
    made = called(answer, "W, delta and A", [W, delta, A])
    found = numbers(made, A.shape, "an error for each of 16 units and 5 images")
    sent = W.T @ delta
    if alike(found, sent * A * (1 - A)):
        return (
            "errors go back through the same weights, turned round, and the slope says how much "
            "a unit listens: at most 1/4."
        )
    if alike(found, sent):
        raise HintError("that is what the layer above sends back; the sigmoid's slope is missing.")
    if alike(found, sent * A) or alike(found, sent * (1 - A)):
        raise HintError("the sigmoid's slope has two factors, A and 1 - A.")
    raise HintError(
        "the shape is right. The formula is the transpose of W times delta, times A(1-A)."
    )


@exercise
def step(answer: object) -> str:
    """Check a function of W, dW summed over m images, alpha and m that returns W after a step."""
    W, dW, alpha, m = _drawn(3, 4), _drawn(4, 3).T, 0.8, 50
    made = called(answer, "W, dW, alpha and m", [W, dW, alpha, m])
    found = numbers(made, W.shape, "a matrix of new weights")
    if alike(found, W - alpha * dW / m):
        return "that is the whole of learning. All that follows is this step, 500 times."
    hints = {
        "uphill": (W + alpha * dW / m, "the gradient points to where the cost rises."),
        "sum": (W - alpha * dW, "dW is a sum over m images; the cost is a mean."),
        "rate": (W - dW / m, "where is the learning rate?"),
        "change": (-alpha * dW / m, "that is the change; the new weights are wanted."),
    }
    for wrong, hint in hints.values():
        if alike(found, wrong):
            raise HintError(hint)
    raise HintError("the shape is right. Take alpha times the mean gradient off W.")
