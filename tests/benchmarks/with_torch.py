"""PyTorch as a contestant."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np

from tests.benchmarks.course import RATE, Data, Run, layers, settings, timed


def pytorch(data: Data, scale: float) -> Run:
    """Return PyTorch's eager mode with autograd."""
    import torch

    X, labels = _rows(data, scale)
    parameters = [torch.tensor(a, requires_grad=True) for layer in layers(data) for a in layer]

    def course() -> Iterator[float]:
        W1, b1, W2, b2, W3, b3 = parameters
        linear = torch.nn.functional.linear
        while True:
            A2 = linear(torch.sigmoid(linear(X, W1, b1)), W2, b2).sigmoid()
            cost = torch.nn.functional.cross_entropy(linear(A2, W3, b3), labels)
            gradient = torch.autograd.grad(cost, parameters)
            with torch.no_grad():
                for parameter, slope in zip(parameters, gradient, strict=True):
                    parameter -= RATE * slope
            yield cost.item()

    return timed(course())


def pytorch_batches(data: Data, scale: float) -> Run:
    """Return PyTorch's eager mode in mini-batches, by its modules and its AdamW."""
    import torch

    from stages.network.streams import BATCHES, stream

    X, labels = _rows(data, scale)
    how, m, model = settings(data), len(X), torch_model(data)
    rule = torch.optim.AdamW(model.parameters(), how["learning_rate"], weight_decay=0.0)

    def course() -> Iterator[float]:
        for epoch in count(1):
            order, cost = torch.from_numpy(stream(0, BATCHES, epoch).permutation(m)), 0.0
            for some in order.split(how["batch_rows"]):
                rule.zero_grad()
                mean = torch.nn.functional.cross_entropy(model(X[some]), labels[some])
                mean.backward()
                rule.step()
                cost += mean.item() * len(some)
            yield cost / m

    return timed(course())


def _rows(data: Data, scale: float) -> tuple[Any, Any]:
    """Return pixels and labels as tensors, on which PyTorch works with as many threads as we."""
    import torch

    from stages.common.threads import thread_count

    torch.set_num_threads(thread_count())
    X = torch.from_numpy(data["X"].astype(np.float32) / np.float32(scale))
    return X, torch.from_numpy(data["Y"].argmax(axis=1))


def torch_model(data: Data) -> Any:
    """Return the network as a module of PyTorch's."""
    import torch

    how, modules = settings(data), []
    for W, b in layers(data):
        linear = torch.nn.Linear(W.shape[1], W.shape[0])
        linear.load_state_dict({"weight": torch.tensor(W), "bias": torch.tensor(b)})
        hidden = [torch.nn.ReLU() if how["activation"] == "relu" else torch.nn.Sigmoid()]
        hidden += [torch.nn.Dropout(how["dropout"])] if how["dropout"] else []
        modules += [linear, *hidden]
    return torch.nn.Sequential(*modules[: -len(hidden)])
