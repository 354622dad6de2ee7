"""Memory is that of a process, and of those that it has made."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import own_memory
from tests.benchmarks.memory import copies, own_bytes, peak_bytes

MIB = 2**20
HOLD = "held = b'x' * (64 << 20); print('holds', flush=True); input()"
# Holds as much, and has another process that does.
HOLD_TWICE = f"""
import sys
from subprocess import PIPE, Popen
with Popen([sys.executable, "-S", "-c", {HOLD!r}], stdin=PIPE, stdout=PIPE) as other:
    other.stdout.readline()
    {HOLD}
    other.communicate(b"\\n")
"""


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


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells it there")
def test_memory_of_its_own_counts_that_of_processes_below() -> None:
    with subprocess.Popen(
        [sys.executable, "-S", "-c", HOLD_TWICE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "holds\n"
        both = own_memory._with_children(process.pid)
        assert [64 <= own_memory._own(pid) / MIB <= 80 for pid in both] == [True, True]
        process.communicate("\n")
    assert own_memory._own(process.pid) == 0
