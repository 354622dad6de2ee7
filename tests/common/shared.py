"""What the tests of files, params, sources and stages share."""

from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from ruamel.yaml import YAML

from stages.common.errors import DigitsError, one_line

REPOSITORY = Path(__file__).resolve().parents[2]


def share(part: float) -> settings:
    """Return settings for a slow property: this part of the examples that the profile asks for."""
    return settings(max_examples=max(5, round(settings().max_examples * part)), deadline=None)


def message_of(action: Callable[[], object]) -> str:
    """Return the message of the DigitsError that `action` raises, as a stage shows it."""
    with pytest.raises(DigitsError) as caught:
        action()
    return one_line(caught.value)


def yaml_of(content: Any) -> str:
    """Return any content as YAML 1.2."""
    stream = StringIO()
    YAML(typ="safe", pure=True).dump(content, stream)
    return stream.getvalue()


def params_with(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the params of the repository with some values changed, by their dotted keys."""
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(REPOSITORY / "params.yaml")
    for key, value in changes.items():
        section, name = key.split(".")
        content[section][name] = value
    return content
