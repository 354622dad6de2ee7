"""What leaves the project: the network for other programs, and the page to draw on."""

import hashlib
from pathlib import Path

from stages.common.files import replacing
from stages.common.progress import bar

NETWORK = Path("data/export/network.onnx")
PAGE = Path("reports/page/index.html")

_READ = 1 << 20  # bytes at once


def write(path: Path, content: bytes) -> None:
    """Write a file whole."""
    with replacing(path) as file:
        file.write(content)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal; show how far it is."""
    digest = hashlib.sha256()
    with path.open("rb") as file, bar(f"sha256 {path.name}", path.stat().st_size, "B") as told:
        while content := file.read(_READ):
            digest.update(content)
            told.update(len(content))
    return digest.hexdigest()
