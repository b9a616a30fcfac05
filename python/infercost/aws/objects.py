"""Objects of S3, read only: ListObjectsV2 and GetObject, with credentials and region from the standard AWS chain.

boto3 takes a third of a second to load, so it waits for the first `s3://` address.
"""

import contextlib
import dataclasses
import datetime as dt
import functools
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any, cast

from infercost.aws.refusal import refused
from infercost.schema.errors import InputError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

SCHEME = "s3://"
_TRIES = 5


@dataclasses.dataclass(frozen=True)
class Object:
    """What a listing says of an object: its `s3://bucket/key`, size in bytes, and when it was last written."""

    address: str
    size: int
    modified: dt.datetime


def split(address: str) -> tuple[str, str]:
    """Returns the bucket and the key of an address.

    Raises:
        InputError: no bucket is named.

    Example:
        >>> split("s3://billing/cur/a.csv.gz")
        ('billing', 'cur/a.csv.gz')
    """
    bucket, _, key = address.removeprefix(SCHEME).partition("/")
    if not bucket:
        raise InputError(f"{address}: no bucket is named; write s3://bucket/prefix")
    return bucket, key


def can_be_scanned(address: str) -> bool:
    """Returns whether polars takes the key: its object store has no names for empty folders, `..`, and the like.

    AWS itself makes such keys: a report without a prefix lies below `s3://bucket//`.

    Example:
        >>> can_be_scanned("s3://billing//daily/a.csv.gz")
        False
    """
    _, key = split(address)
    return key.isprintable() and not {"", ".", ".."}.intersection(key.split("/"))


def list_objects(address: str) -> Iterator[Object]:
    """Yields every object whose address starts so, page by page, in the order of their keys; no empty ones for folders.

    Raises:
        InputError: no credentials, no such bucket, access denied, or S3 cannot be reached.
    """
    bucket, prefix = split(address)
    with _asking(address):
        pages = _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            for found in page.get("Contents", ()):
                if not found["Key"].endswith("/"):
                    yield Object(f"{SCHEME}{bucket}/{found['Key']}", found["Size"], found["LastModified"])


@contextlib.contextmanager
def open_object(address: str) -> Iterator[IO[bytes]]:
    """Opens an object for reading from its start; little more is fetched than is read.

    Raises:
        InputError: as `list_objects`, or there is no such object.
    """
    bucket, key = split(address)
    with _asking(address), contextlib.closing(_client().get_object(Bucket=bucket, Key=key)["Body"]) as body:
        yield cast("IO[bytes]", body)


def read_part(address: str, start: int, length: int) -> bytes:
    """Returns some bytes of an object: fewer where it ends, none behind its end.

    Raises:
        InputError: as `open_object`.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415

    bucket, key = split(address)
    with _asking(address):
        try:
            answer = _client().get_object(Bucket=bucket, Key=key, Range=f"bytes={start}-{start + length - 1}")
        except ClientError as error:
            if error.response["Error"]["Code"] == "InvalidRange":
                return b""
            raise
        return answer["Body"].read()


def size_of(address: str) -> int:
    """Returns the bytes of an object.

    Raises:
        InputError: as `open_object`.
    """
    bucket, key = split(address)
    with _asking(address):
        return int(_client().head_object(Bucket=bucket, Key=key)["ContentLength"])


def scan_options(address: str) -> dict[str, Any]:
    """Returns what polars has to be told to read this object as we do: region, endpoint and credentials."""
    bucket, _ = split(address)
    with _asking(address):
        region = _client().head_bucket(Bucket=bucket).get("BucketRegion") or _client().meta.region_name
        endpoint = _client(region).meta.endpoint_url
    options = {"aws_region": region, "aws_endpoint_url": endpoint}
    if endpoint.startswith("http://"):
        options["aws_allow_http"] = "true"
    return {"storage_options": options, "credential_provider": _credentials}


def forget() -> None:
    """Forgets clients and credentials: the environment has changed."""
    _client.cache_clear()
    _session.cache_clear()


@functools.cache
def _session() -> Any:  # noqa: ANN401 -- boto3.Session, whose types are there for lint only
    import boto3  # noqa: PLC0415

    return boto3.Session()


@functools.cache
def _client(region: str | None = None) -> "S3Client":
    from botocore.config import Config  # noqa: PLC0415

    config = Config(retries={"max_attempts": _TRIES, "mode": "standard"}, connect_timeout=10, read_timeout=60)
    return cast("S3Client", _session().client("s3", region_name=region, config=config))


def _credentials() -> tuple[dict[str, str], int | None]:
    """The same credentials for polars, and when they end; it asks again then."""
    found = _session().get_credentials()
    frozen = found.get_frozen_credentials()
    ends = getattr(found, "_expiry_time", None)
    named = {
        "aws_access_key_id": frozen.access_key,
        "aws_secret_access_key": frozen.secret_key,
        "aws_session_token": frozen.token,
    }
    return {name: value for name, value in named.items() if value}, int(ends.timestamp()) if ends else None


@contextlib.contextmanager
def _asking(address: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise refused(address, error) from error
