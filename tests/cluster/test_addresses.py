"""Pieces in an object store, and a connection by TLS: both on loopback."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from stages.common.errors import DigitsError
from tests.cluster.clusters import Training, at, cluster, end, scheduler, worker
from tests.processes import run
from tests.scratch import ROOT

dask = pytest.importorskip("dask", reason="make cluster has not been run")

POST = Training({})


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the address of an empty folder in an S3 of our own, which the environment names."""
    server = pytest.importorskip("moto.server", reason="moto is not installed")
    s3fs = pytest.importorskip("s3fs", reason="make cluster has not been run")
    there = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    there.start()
    host, port = there.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "digits")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "digits")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3fs.S3FileSystem.clear_instance_cache()
    s3fs.S3FileSystem().mkdir("digits")
    yield "s3://digits/pieces"
    assert s3fs.S3FileSystem(use_listings_cache=False).find("digits") == []
    there.stop()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_pieces_lie_in_an_object_store(bucket: str) -> None:
    with threadpool_limits(1, "blas"), cluster(2) as address:
        assert end(POST.run(POST.place(at(address, bucket, rows=150)))) == end(POST.run())


def certificate(folder: Path) -> dict[str, str]:
    """Return Dask's settings of TLS, by their names, for a certificate made in a folder."""
    key, cert = str(folder / "key.pem"), str(folder / "cert.pem")
    made = run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", key, "-out", cert, "-subj", "/CN=digits"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
        ]
    )
    assert made.returncode == 0, made.stderr
    both = {"cert": cert, "key": key}
    roles = {f"{role}.{name}": both[name] for role in ROLES for name in both}
    return {f"distributed.comm.tls.{name}": path for name, path in roles.items()} | {
        "distributed.comm.tls.ca-file": cert
    }


ROLES = ("scheduler", "worker", "client")


def in_the_environment(settings: dict[str, str]) -> dict[str, str]:
    """Return Dask's settings as variables of the environment."""
    return {f"DASK_{name.replace('.', '__').upper()}": text for name, text in settings.items()}


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_a_connection_by_tls(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    ours, others = certificate(tmp_path), certificate(tmp_path / "other")
    environment = in_the_environment(ours)
    with scheduler(tmp_path, "tls://127.0.0.1", **environment) as (address, _):
        with worker(address, ROOT, **environment), dask.config.set(ours):
            assert address.startswith("tls://")
            assert end(POST.run(POST.place(at(address, tmp_path)))) == end(POST.run())
        for settings in (others, {}):
            with (
                dask.config.set(settings),
                pytest.raises(DigitsError, match="no scheduler answers"),
            ):
                end(POST.run(POST.place(at(address, tmp_path, wait=2))))
