"""Forward and backward through the network: the formulas of the blog post, for all rows at once."""

from stages.network.activations import log_softmax, sigmoid, sigmoid_slope
from stages.network.parameters import Floats, Parameters


def forward(parameters: Parameters, X: Floats) -> tuple[list[Floats], Floats]:
    """Return what each layer passes on, and the log-probabilities of the digits.

    X: (n, inputs). The list starts with X and holds A (n, n_out) of each hidden layer;
    the log-probabilities are (n, 10).
    """
    activations = [X]
    for W, b in parameters[:-1]:
        activations.append(sigmoid(activations[-1] @ W.T + b))
    W, b = parameters[-1]
    return activations, log_softmax(activations[-1] @ W.T + b)


def backward(parameters: Parameters, activations: list[Floats], delta: Floats) -> Parameters:
    """Return the gradient of the summed cost, in the shape of the parameters.

    activations: as `forward` returned them. delta: (n, 10), the error of the last layer.
    """
    gradient: Parameters = []
    for (W, _), A in zip(reversed(parameters), reversed(activations), strict=True):
        gradient.append((delta.T @ A, delta.sum(axis=0)))
        if A is not activations[0]:
            delta = (delta @ W) * sigmoid_slope(A)
    return gradient[::-1]
