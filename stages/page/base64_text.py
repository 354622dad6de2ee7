"""Bytes as text: base64."""

import base64
from collections.abc import Iterable


def base64_text(parts: Iterable[bytes]) -> str:
    """Return some bytes, one after another, as base64."""
    return base64.b64encode(b"".join(parts)).decode("ascii")
