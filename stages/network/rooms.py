"""Where large arrays lie: in memory, unless who trains hands in another place."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt


class Room(Protocol):
    """Gives arrays, from any thread."""

    def empty(self, shape: Sequence[int], numbers: npt.DTypeLike) -> npt.NDArray[Any]:
        """Return an array of any values."""

    def expect(self, size: int) -> None:
        """Hear that arrays of about so many bytes more will be asked for; may raise an error."""

    def soon(self, array: npt.NDArray[Any]) -> None:
        """Hear that an array will be read next."""


class Memory:
    """Gives arrays in memory."""

    def empty(self, shape: Sequence[int], numbers: npt.DTypeLike) -> npt.NDArray[Any]:
        """Return an array of any values."""
        return np.empty(shape, numbers)

    def expect(self, _: int) -> None:
        """Do nothing."""

    def soon(self, _: npt.NDArray[Any]) -> None:
        """Do nothing."""


MEMORY = Memory()


def laid(room: Room, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return an array as it is, in a room."""
    there = room.empty(array.shape, array.dtype)
    there[...] = array
    return there
