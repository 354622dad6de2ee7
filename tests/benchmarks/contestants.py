"""One contestant of the training benchmark, in a process of its own.

    python -m tests.benchmarks.contestants NAME DATA.npz PIXEL_SCALE

answers each line "EPOCHS" on standard input with a line of JSON: the seconds that each of so many
epochs takes, the cost in every epoch since the first, and the process's peak memory. Every
contestant trains the same network (W, b in DATA.npz) on the same rows by the same gradient; params
of `train` that are in DATA.npz, as JSON, say how.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tests.benchmarks.course import RATE, WARM_UP_S, Data, Layers, Run, layers, settings, timed
from tests.benchmarks.memory import peak_bytes
from tests.benchmarks.with_torch import pytorch, pytorch_batches


def ours(data: Data, scale: float, precision: str) -> Run:
    """Return `descend`, as the train stage runs it."""
    from threadpoolctl import threadpool_limits

    from stages.common.threads import thread_count
    from stages.network.batches import feed_of
    from stages.network.descent import Task, begin, descend
    from stages.network.parameters import sizes_of
    from stages.network.recipe import POST, recipe_of

    threadpool_limits(1, "blas")
    how = recipe_of(POST | {"learning_rate": RATE} | settings(data) | {"precision": precision})
    start, threads = layers(data), thread_count()
    feed = feed_of(how, data["X"], data["Y"], len(data["b1"]), taught=False, threads=threads)
    task = Task(sizes_of(start), feed, scale, None)
    course = descend(how, task, begin(how, start), 0, 10**9, threads)
    return timed(epoch.cost for epoch in course)


def plain_numpy(data: Data, scale: float) -> Run:
    """Return the vectorised step that one writes first: images as rows, whole arrays."""

    def course() -> Iterator[float]:
        X, Y = data["X"].astype(np.float32) / np.float32(scale), data["Y"].astype(np.float32)
        (W1, b1), (W2, b2), (W3, b3) = layers(data)
        rate = np.float32(RATE / len(X))
        while True:
            A1 = 1 / (1 + np.exp(-(X @ W1.T + b1)))
            A2 = 1 / (1 + np.exp(-(A1 @ W2.T + b2)))
            Z3 = A2 @ W3.T + b3
            Z3 -= Z3.max(axis=1, keepdims=True)
            log_P = Z3 - np.log(np.exp(Z3).sum(axis=1, keepdims=True))
            delta3 = np.exp(log_P) - Y
            delta2 = (delta3 @ W3) * A2 * (1 - A2)
            delta1 = (delta2 @ W2) * A1 * (1 - A1)
            W3, b3 = W3 - rate * (delta3.T @ A2), b3 - rate * delta3.sum(axis=0)
            W2, b2 = W2 - rate * (delta2.T @ A1), b2 - rate * delta2.sum(axis=0)
            W1, b1 = W1 - rate * (delta1.T @ X), b1 - rate * delta1.sum(axis=0)
            yield -float((log_P * Y).sum(dtype=np.float64)) / len(X)

    np.seterr(over="ignore")  # the sigmoid's exponential overflows at raw pixels
    return timed(course())


def per_image(data: Data, scale: float) -> Run:
    """Return the post's way: a loop over single images."""

    def course() -> Iterator[float]:
        X, Y = data["X"].astype(np.float32) / np.float32(scale), data["Y"].astype(np.float32)
        parameters, rate = layers(data), np.float32(RATE / len(X))
        while True:
            cost, sums = _image_by_image(parameters, X, Y)
            parameters = [
                (W - rate * dW, b - rate * db)
                for (W, b), (dW, db) in zip(parameters, sums, strict=True)
            ]
            yield cost / len(X)

    np.seterr(over="ignore")
    return timed(course())


def _image_by_image(parameters: Layers, X: Any, Y: Any) -> tuple[float, Layers]:
    """Return the sums over all images of the cost and of each layer's gradients."""
    (W1, b1), (W2, b2), (W3, b3) = parameters
    sums = [(np.zeros_like(W), np.zeros_like(b)) for W, b in parameters]
    cost = 0.0
    for x, y in zip(X, Y, strict=True):
        a1 = 1 / (1 + np.exp(-(W1 @ x + b1)))
        a2 = 1 / (1 + np.exp(-(W2 @ a1 + b2)))
        e = np.exp(W3 @ a2 + b3)
        p = e / e.sum()
        delta3 = p - y
        delta2 = a2 * (1 - a2) * (W3.T @ delta3)
        delta1 = a1 * (1 - a1) * (W2.T @ delta2)
        for (dW, db), delta, a in zip(sums, (delta1, delta2, delta3), (x, a1, a2), strict=True):
            dW += np.outer(delta, a)
            db += delta
        cost -= float(np.log(p[y.argmax()]))
    return cost, sums


def scikit_learn(data: Data, scale: float, dtype: type) -> Run:
    """Return MLPClassifier with one batch of all rows and no momentum.

    A fit also checks and converts its input. So that only epochs count, their time is that of a
    longer fit without that of a fit of one epoch.
    """
    X, labels = data["X"].astype(dtype) / dtype(scale), data["Y"].argmax(axis=1)
    model = _classifier(layers(data), X, labels)

    def fit(epochs: int) -> float:
        model.set_params(max_iter=epochs)
        start = time.perf_counter()
        model.fit(X, labels)
        return time.perf_counter() - start

    def run(epochs: int) -> tuple[float, list[float]]:
        until = time.perf_counter() + WARM_UP_S
        while time.perf_counter() < until:
            fit(1)
        one, more = fit(1), fit(1 + epochs)
        return (more - one) / epochs, [float(loss) for loss in model.loss_curve_[1:]]

    return run


def _classifier(start: Layers, X: Any, labels: Any) -> Any:
    """Return MLPClassifier with these first weights, which goes on from fit to fit."""
    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore")  # that it has not converged after so few epochs
    model = MLPClassifier(
        (16, 16), activation="logistic", solver="sgd", alpha=0, batch_size=len(X),
        learning_rate_init=RATE, momentum=0, shuffle=False, max_iter=1, warm_start=True,
        tol=0, n_iter_no_change=10**9,
    )  # fmt: skip
    model.fit(X, labels)
    model.coefs_ = [W.T.astype(X.dtype).copy() for W, _ in start]
    model.intercepts_ = [b.astype(X.dtype).copy() for _, b in start]
    return model


def jax_jit(data: Data, scale: float) -> Run:
    """Return JAX's compiled step."""
    import jax
    import jax.numpy as jnp

    X = jnp.asarray(data["X"].astype(np.float32) / np.float32(scale))
    labels = jnp.asarray(data["Y"].argmax(axis=1))

    @jax.jit  # type: ignore[untyped-decorator]
    def step(parameters: Any) -> Any:
        cost, gradient = jax.value_and_grad(_jax_cost)(parameters, X, labels)
        return cost, jax.tree.map(lambda p, g: p - RATE * g, parameters, gradient)

    def course() -> Iterator[float]:
        parameters = [(jnp.asarray(W), jnp.asarray(b)) for W, b in layers(data)]
        step(parameters)[0].block_until_ready()  # compiling is not timed
        while True:
            cost, parameters = step(parameters)
            yield float(cost)

    return timed(course())


def _jax_cost(parameters: Any, X: Any, labels: Any) -> Any:
    """Return the mean cross-entropy, computed by JAX."""
    import jax
    import jax.numpy as jnp

    (W1, b1), (W2, b2), (W3, b3) = parameters
    A2 = jax.nn.sigmoid(jax.nn.sigmoid(X @ W1.T + b1) @ W2.T + b2)
    log_P = jax.nn.log_softmax(A2 @ W3.T + b3)
    return -log_P[jnp.arange(len(X)), labels].mean()


CONTESTANTS: dict[str, Callable[[Data, float], Run]] = {
    "this project": lambda data, scale: ours(data, scale, "float32"),
    "this project, float64": lambda data, scale: ours(data, scale, "float64"),
    "this project, reproducible": lambda data, scale: ours(data, scale, "reproducible"),
    "plain NumPy": plain_numpy,
    "per-image loop": per_image,
    "scikit-learn, float64": lambda data, scale: scikit_learn(data, scale, np.float64),
    "scikit-learn, float32": lambda data, scale: scikit_learn(data, scale, np.float32),
    "PyTorch": pytorch,
    "PyTorch, mini-batches": pytorch_batches,
    "JAX": jax_jit,
}


def main() -> None:
    """Answer the lines on standard input."""
    name, path, scale = sys.argv[1:]
    with np.load(path, allow_pickle=False) as file:
        data = {key: file[key] for key in file.files}
    try:
        run = CONTESTANTS[name](data, float(scale))
    except ModuleNotFoundError as error:
        print(json.dumps({"missing": error.name}), flush=True)
        return
    del data
    run(1)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        seconds, costs = run(int(line))
        answer = {"seconds": seconds, "costs": costs, "peak_bytes": peak_bytes()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
