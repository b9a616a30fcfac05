"""A real S3 over real HTTP, as far as bills need one."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from infercost.aws import objects

REGION = "eu-central-1"
BUCKET = "billing"
SECRET = "the-secret-that-no-message-may-show"  # noqa: S105 -- moto lets anybody in


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def environment(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment of somebody who is logged in to that S3."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    objects.forget()
    yield monkeypatch
    objects.forget()


@pytest.fixture(scope="session")
def owner(server: str) -> Any:  # noqa: ANN401 -- a resource of boto3
    """What the owner of the bucket does with it, whoever is logged in."""
    session = boto3.Session(aws_access_key_id="owner", aws_secret_access_key="owner", region_name=REGION)  # noqa: S106
    return session.resource("s3", endpoint_url=server)


@pytest.fixture
def upload(environment: pytest.MonkeyPatch, owner: Any) -> Iterator[Callable[[str, bytes | str], str]]:  # noqa: ANN401
    """Puts an object into a bucket and gives its address; the bucket is empty before, and gone afterwards."""
    del environment
    bucket = owner.Bucket(BUCKET)
    bucket.create(CreateBucketConfiguration={"LocationConstraint": REGION})

    def put(key: str, content: bytes | str) -> str:
        bucket.put_object(Key=key, Body=content.encode() if isinstance(content, str) else content)
        return f"s3://{BUCKET}/{key}"

    yield put
    bucket.objects.all().delete()
    bucket.delete()
