"""What leaves the project: the network for other programs, and the page to draw on."""

import hashlib
from pathlib import Path

from stages.common.files import replacing

NETWORK = Path("data/export/network.onnx")
PAGE = Path("reports/page/index.html")


def write(path: Path, content: bytes) -> None:
    """Write a file whole."""
    with replacing(path) as file:
        file.write(content)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
