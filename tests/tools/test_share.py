"""`dvc push` and `dvc pull`: artifacts that one clone made, in another, which then runs nothing."""

import getpass
import importlib.util
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import processes
from tests.scratch import Scratch

SSHD = Path("/usr/sbin/sshd")


def share(project: Scratch, clone: Scratch, url: str, *options: tuple[str, str]) -> None:
    """Push from one repository and pull into the other; both get the remote."""
    for side in (project, clone):
        side.dvc("remote", "add", "--local", "--default", "shared", url)
        for name, value in options:
            side.dvc("remote", "modify", "--local", "shared", name, value)
    project.dvc("push", "--quiet")
    assert not (clone.folder / "data/digits.parquet").exists()
    clone.dvc("pull", "--quiet")


def check_that_nothing_runs(project: Scratch, clone: Scratch) -> None:
    """The clone has the same data, and its pipeline is up to date."""
    assert "Running stage" not in clone.dvc("repro")
    assert clone.git("status", "--porcelain") == ""
    for path in ("data/weights/trained.npz", "data/encoded/test.npz", "data/predictions.parquet"):
        assert (clone.folder / path).read_bytes() == (project.folder / path).read_bytes()


@pytest.mark.whole
def test_through_a_folder(project: Scratch, tmp_path: Path) -> None:
    clone = project.clone(tmp_path / "clone")
    share(project, clone, str(tmp_path / "storage"))
    check_that_nothing_runs(project, clone)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_key(path: Path) -> Path:
    """Make an SSH key pair without a passphrase."""
    made = processes.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path))
    assert made.returncode == 0, made.stderr
    return path


def config(folder: Path, port: int) -> str:
    """Return what an SSH server is told whose files are in a folder; make its own key."""
    lines = (
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {make_key(folder / 'host')}",
        f"AuthorizedKeysFile {folder}/authorized_keys",
        f"PidFile {folder}/pid",
        "StrictModes no",  # the folder of a test is below one that all may write to
        "UsePAM no",
        "PermitRootLogin prohibit-password",
        "PasswordAuthentication no",
        "Subsystem sftp internal-sftp",
    )
    return "\n".join(lines) + "\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """An SSH server on loopback that lets one key in: its port, and that key."""
    if not SSHD.exists() or shutil.which("ssh-keygen") is None:
        pytest.skip(f"{SSHD} is not installed (Debian's openssh-server)")
    if importlib.util.find_spec("dvc_ssh") is None:
        pytest.skip("dvc-ssh is not installed")
    folder, port = tmp_path / "sshd", free_port()
    folder.mkdir(mode=0o700)
    user = make_key(folder / "user")
    shutil.copy(f"{user}.pub", folder / "authorized_keys")
    (folder / "config").write_text(config(folder, port))
    if getpass.getuser() == "root":
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where root's server drops privileges
    command = (str(SSHD), "-D", "-e", "-f", str(folder / "config"))
    with (folder / "log").open("wb") as log, processes.started(command, stderr=log) as process:
        wait_for(port, process, folder / "log")
        yield port, user


def wait_for(port: int, process: subprocess.Popen[str], log: Path) -> None:
    """Wait until the server listens."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"no SSH server after 30 s: {log.read_text()}")


@pytest.mark.whole
def test_through_ssh(server: tuple[int, Path], project: Scratch, tmp_path: Path) -> None:
    port, key = server
    storage = tmp_path / "storage"
    clone = project.clone(tmp_path / "clone")
    url = f"ssh://{getpass.getuser()}@127.0.0.1:{port}{storage}"
    share(project, clone, url, ("keyfile", str(key)), ("allow_agent", "false"))
    assert any(storage.rglob("*"))
    check_that_nothing_runs(project, clone)
