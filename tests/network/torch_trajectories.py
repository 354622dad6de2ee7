"""The same small trainings by PyTorch: `python -m tests.network.torch_trajectories` writes them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn, optim
from torch.optim import lr_scheduler, swa_utils

from stages.network.parameters import Floats, shaped
from tests.network.trajectories import (
    CASES,
    EPOCHS,
    SIZES,
    STEPS,
    STEPS_AN_EPOCH,
    TOLD,
    Case,
    problem,
)

FILE = Path(__file__).with_suffix(".json")


def course(case: Case) -> list[Floats]:
    """Return the parameters to use after each step, by PyTorch's own classes."""
    theta, _, batches = problem()
    model = _model(theta)
    optimizer = _optimizer(model, case)
    scheduler = _scheduler(optimizer, case)
    ema = swa_utils.get_ema_multi_avg_fn(case.average_decay) if case.averaging == "ema" else None
    average, found = swa_utils.AveragedModel(model, multi_avg_fn=ema), []
    for step, (X, Y) in enumerate(batches, start=1):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(torch.tensor(X)), torch.tensor(Y)).backward()
        if case.clip_norm is not None:
            nn.utils.clip_grad_norm_(model.parameters(), case.clip_norm)
        optimizer.step()
        scheduler.step()
        if _averages(case, step):
            average.update_parameters(model)
        found.append(_flat(average.module if average.n_averaged else model))
    return found


def _averages(case: Case, step: int) -> bool:
    """Tell whether the parameters after a step, from 1, go into the average."""
    epoch, of_epoch = divmod(step, STEPS_AN_EPOCH)
    after = not of_epoch and epoch > case.average_from * EPOCHS
    return case.averaging == "ema" or (case.averaging == "swa" and after)


def _model(theta: Floats) -> nn.Sequential:
    """Return the network with the parameters of theta."""
    n_in, hidden, n_out = SIZES
    model = nn.Sequential(nn.Linear(n_in, hidden), nn.Tanh(), nn.Linear(hidden, n_out)).double()
    numbers = [array for layer in shaped(theta, SIZES) for array in layer]
    with torch.no_grad():
        for parameter, number in zip(model.parameters(), numbers, strict=True):
            parameter.copy_(torch.tensor(number))
    return model


def _flat(model: nn.Module) -> Floats:
    """Return the parameters of a network, one after another."""
    return np.concatenate([array.detach().numpy().ravel() for array in model.parameters()])


def _optimizer(model: nn.Sequential, case: Case) -> optim.Optimizer:
    """Return PyTorch's rule of the case's name, with decay on weights alone."""
    weights = [array for array in model.parameters() if array.ndim == 2]
    biases = [array for array in model.parameters() if array.ndim == 1]
    groups: list[dict[str, Any]] = [
        {"params": weights, "weight_decay": case.weight_decay},
        {"params": biases, "weight_decay": 0.0},
    ]
    if case.update == "adamw":
        betas = (case.momentum, case.second_momentum)
        return optim.AdamW(groups, lr=case.learning_rate, betas=betas)
    momentum = 0.0 if case.update == "descent" else case.momentum
    nesterov = case.update == "nesterov"
    return optim.SGD(groups, lr=case.learning_rate, momentum=momentum, nesterov=nesterov)


def _scheduler(optimizer: optim.Optimizer, case: Case) -> lr_scheduler.LRScheduler:
    """Return PyTorch's schedule of the case's name, after its LinearLR for a warm-up."""
    rising = round(case.warmup_epochs * STEPS_AN_EPOCH)
    if not rising:
        return _without_warmup(optimizer, case, STEPS)
    linear = lr_scheduler.LinearLR(optimizer, 1 / rising, total_iters=rising - 1)
    proper = _without_warmup(optimizer, case, STEPS - rising)
    return lr_scheduler.SequentialLR(optimizer, [linear, proper], [rising])


def _without_warmup(optimizer: optim.Optimizer, case: Case, steps: int) -> lr_scheduler.LRScheduler:
    """Return PyTorch's schedule of so many steps."""
    if case.schedule == "step":
        each = case.step_epochs * STEPS_AN_EPOCH
        return lr_scheduler.StepLR(optimizer, each, case.step_factor)
    if case.schedule == "cosine":
        return lr_scheduler.CosineAnnealingLR(optimizer, steps)
    if case.schedule == "one-cycle":
        rate = case.learning_rate
        return lr_scheduler.OneCycleLR(optimizer, rate, steps, cycle_momentum=False)
    return lr_scheduler.ConstantLR(optimizer, factor=1.0)


def main() -> None:
    """Write the parameters after some steps of every case, to 12 decimals."""
    lines = []
    for name, case in CASES.items():
        found = course(case)
        told = {step: found[step - 1].round(12).tolist() for step in TOLD}
        lines.append(f"{json.dumps(name)}: {json.dumps(told)}")
    cases = ",\n".join(lines)
    FILE.write_text(f'{{"torch": "{torch.__version__}", "cases": {{\n{cases}\n}}}}\n', "utf-8")


if __name__ == "__main__":
    main()
