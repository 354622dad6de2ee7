"""Memory is that of a process and its copies."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.memory import copies, own_bytes, peak_bytes

MIB = 2**20
HOLD = "held = b'x' * (64 << 20); print('holds', flush=True); input()"


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="Linux tells it there")
def test_memory_counts_what_copies_hold_of_their_own() -> None:
    before = peak_bytes()
    with subprocess.Popen(
        [sys.executable, "-S", "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "holds\n"
        folder = Path(f"/proc/{process.pid}")
        assert folder in copies()
        assert 64 * MIB <= own_bytes(folder) <= 80 * MIB
        assert peak_bytes() >= before + 64 * MIB
        process.communicate("\n")
    assert folder not in copies()
