"""What a check makes of an answer: that it is blank, a hint, or what there was to be seen."""

import copy
import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np
import numpy.typing as npt

BLANK = "Not filled in yet: your answer goes where the ... stands."

Floats = npt.NDArray[np.float64]
Function = Callable[..., Any]

# What a learner's function may stop with.
_MISTAKES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    RuntimeError,
    TypeError,
    ValueError,
)


class BlankError(Exception):
    """Nothing has been filled in."""


class HintError(Exception):
    """The answer is not right; the message is a hint."""


def exercise(check: Callable[..., str]) -> Callable[..., str]:
    """Make a check's praise, its BlankError and its HintError a sentence each.

    Its first argument is the answer.
    """

    @wraps(check)
    def told(answer: object, *given: Any) -> str:
        try:
            return f"Right: {check(_filled(answer), *given)}"
        except BlankError:
            return BLANK
        except HintError as hint:
            return f"Not yet: {hint}"

    return told


def _filled(answer: object) -> object:
    """Return an answer; raises BlankError where it, or a part of it, is the dots."""
    if answer is ... or (isinstance(answer, list | tuple) and any(one is ... for one in answer)):
        raise BlankError
    return answer


def numbers(answer: object, shape: tuple[int, ...], expected: str) -> Floats:
    """Return an answer as numbers of a shape; raises HintError, saying what was `expected`."""
    found = _array(answer, expected)
    if found.shape != shape:
        wanted = f" with the shape {shape}" if len(shape) > 1 else ""
        raise HintError(f"expected {expected}{wanted}; yours {_shape_of(found)}")
    if not np.isfinite(found).all():
        raise HintError(f"expected {expected}; in yours not every number is finite")
    return found


def _array(answer: object, expected: str) -> Floats:
    """Return an answer as numbers of any shape."""
    if callable(answer):
        raise HintError(f"expected {expected}; yours is a function: call it")
    try:
        found = np.asarray(answer)
    except ValueError:  # of lists in it that are not equally long
        raise HintError(f"expected {expected}; yours are lists of several lengths") from None
    if found.dtype.kind not in "biuf":
        raise HintError(f"expected {expected}; yours is a {type(answer).__name__}")
    return found.astype(np.float64)


def _shape_of(found: Floats) -> str:
    """Say what shape an array has."""
    return f"has the shape {found.shape}" if found.shape else "is a single number"


def called(function: object, names: str, arguments: Sequence[Any]) -> Any:
    """Return what a learner's function gives for some arguments, called `names`.

    Raises BlankError where it gives the dots, and HintError where it gives nothing, stops, or
    changes what it was given.
    """
    if not callable(function):
        raise HintError(f"expected a function; yours is a {type(function).__name__}")
    lent = copy.deepcopy(list(arguments))
    found = _result(function, lent)
    _filled(found)
    if found is None:
        raise HintError("your function gives nothing back: does it end with return?")
    if not all(map(np.array_equal, lent, arguments)):
        raise HintError(f"your function changes what it is given, {names}: make a new array")
    return found


def _result(function: Function, arguments: Sequence[Any]) -> Any:
    """Return what a function gives; its warnings are not shown, as its numbers will tell."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return function(*arguments)
    except _MISTAKES as error:
        inside = error.__traceback__.tb_next if error.__traceback__ else None
        where = f" in line {inside.tb_lineno} of its cell" if inside else ""
        said = f"{type(error).__name__}: {error}"
        raise HintError(f"your function stops{where} with {said}") from error


def alike(found: Floats, wanted: npt.ArrayLike) -> bool:
    """Tell whether numbers are the same but for roundings."""
    return np.shape(wanted) == found.shape and np.allclose(found, wanted, rtol=1e-6, atol=1e-9)
