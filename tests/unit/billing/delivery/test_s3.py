"""Bills in S3, from a real server: chosen and read by the same rules as here, and every refusal says what to do."""

import gzip
import json
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

import boto3
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cli.runner import Run
from infercost.aws import objects
from infercost.billing.bill import read_bill
from infercost.billing.delivery.deliver import deliver
from infercost.billing.delivery.file import File
from infercost.billing.formats import open_sources
from infercost.billing.reading.head import read_head
from infercost.billing.reading.source import SOURCE_FILE
from infercost.schema.analysis import Analysis
from infercost.schema.errors import InputError
from unit.billing.delivery.conftest import BUCKET, REGION, SECRET
from unit.billing.delivery.make_deliveries import (
    export_keys,
    export_manifest,
    export_manifest_keys,
    legacy_keys,
    legacy_manifest,
    legacy_manifest_keys,
)
from unit.billing.make_exports import focus, write_csv, write_parquet

Upload = Callable[[str, bytes | str], str]
KINDS = (".csv.gz", ".csv", ".parquet")
OLD, NEW = "20261102T010203Z", "20261103T010203Z"


def names(*paths: str, month: str | None = None) -> set[str]:
    with deliver(list(paths), month=month) as found:
        return {file.name for file in found.files}


def refused(*paths: str) -> str:
    with pytest.raises(InputError) as caught, deliver(list(paths)) as found:
        open_sources(found.files)
    said = str(caught.value)
    assert "\n" not in said
    assert SECRET not in said
    assert len(said) < 400
    return said


def rows(*paths: str) -> dict[str, int]:
    """Rows by file, read to the end."""
    with deliver(list(paths)) as found:
        _, sources = open_sources(found.files)
        counted = pl.concat(source.rows().group_by(SOURCE_FILE).len() for source in sources).collect(engine="streaming")
        return dict(counted.iter_rows())


def test_every_kind_of_file_is_read_where_it_lies(tmp_path: Path, upload: Upload) -> None:
    made = [focus(ResourceId=f"arn:{number}") for number in range(3)]
    plain = upload("bills/a.csv", write_csv(tmp_path / "a.csv", made[:1]).read_bytes())
    zipped = upload("bills/b.csv.gz", write_csv(tmp_path / "b.csv.gz", made[:2]).read_bytes())
    parquet = upload("bills/c 1+=ü%20#?.parquet", write_parquet(tmp_path / "c", made).read_bytes())
    with zipfile.ZipFile(tmp_path / "d.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "a.csv", "d.csv")
    packed = upload("bills/d.csv.zip", (tmp_path / "d.zip").read_bytes())
    upload("bills/_SUCCESS", b"")
    upload("bills/.hidden/e.csv", b"x")
    upload("bills/empty-folder/", b"")
    assert rows(f"s3://{BUCKET}/bills") == {plain: 1, zipped: 2, parquet: 3, f"{packed}!d.csv": 1}


@pytest.mark.parametrize("key", ["/daily/a.{}", "cur//daily/a.{}", "odd\t/a.{}"])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_keys_that_polars_has_no_names_for(tmp_path: Path, upload: Upload, key: str, kind: str) -> None:
    """A report without a prefix lies below a folder without a name."""
    write = write_csv if kind == "csv" else write_parquet
    address = upload(key.format(kind), write(tmp_path / "a", [focus()]).read_bytes())
    assert rows(f"s3://{BUCKET}") == {address: 1}
    assert rows(address) == {address: 1}


def test_a_document_of_cost_explorer_is_fetched(upload: Upload) -> None:
    address = upload("bills/ce.json", json.dumps({"ResultsByTime": [], "GroupDefinitions": []}))
    with deliver([f"s3://{BUCKET}/bills/"]) as found:
        (file,) = found.files
        assert file.name == address
        assert Path(file.place).is_file()
        assert read_head(file).container == "json"


def test_a_prefix_is_a_folder(upload: Upload) -> None:
    inside, outside = upload("bills/a.csv", "a"), upload("bills-of-others/a.csv", "a")
    for path in (f"s3://{BUCKET}/bills", f"s3://{BUCKET}/bills/", inside):
        assert names(path) == {inside}
    assert names(f"s3://{BUCKET}") == {inside, outside}


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("bills/*/*.csv", {"bills/10/a.csv", "bills/9/b.csv"}),
        ("bills/**/*.csv", {"bills/10/a.csv", "bills/9/b.csv", "bills/top.csv"}),
        ("bills/1*", {"bills/10/a.csv", "bills/10/deep/c.parquet"}),
        ("bills/?/b.csv", {"bills/9/b.csv"}),
        ("bills/[!9-9]0/a.csv", {"bills/10/a.csv"}),
        ("b*", {"bills/10/a.csv", "bills/10/deep/c.parquet", "bills/9/b.csv", "bills/top.csv"}),
    ],
)
def test_globs(upload: Upload, pattern: str, found: set[str]) -> None:
    for key in ("bills/10/a.csv", "bills/10/deep/c.parquet", "bills/9/b.csv", "bills/top.csv"):
        upload(key, "a")
    assert names(f"s3://{BUCKET}/{pattern}") == {f"s3://{BUCKET}/{key}" for key in found}


def test_the_newest_complete_delivery(upload: Upload) -> None:
    for assembly in (OLD, NEW):
        keys = legacy_keys("2026-10", assembly)
        for key in (*keys, "cur/daily/20261001-20261101/left/daily-00001.csv.gz"):
            upload(key, "a")
        for key in legacy_manifest_keys("2026-10", assembly):
            upload(key, legacy_manifest("2026-10", assembly, keys))
    september = export_keys("2026-09", None)
    for key in september:
        upload(key, "a")
    upload(export_manifest_keys("2026-09", NEW)[0], export_manifest(NEW, september))
    october = {f"s3://{BUCKET}/{key}" for key in legacy_keys("2026-10", NEW)}
    assert names(f"s3://{BUCKET}/") == october | {f"s3://{BUCKET}/{key}" for key in september}
    assert names(f"s3://{BUCKET}/", month="2026-10") == october


def test_more_objects_than_a_page_holds(upload: Upload, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "7")
    for number in range(20):
        upload(f"bills/{number:02}.csv", "a")
    assert len(names(f"s3://{BUCKET}/bills")) == 20


def test_a_bomb_in_s3(upload: Upload) -> None:
    address = upload("bills/a.csv.gz", gzip.compress(b"a,b\n" + b"0" * (70 << 20)))
    assert refused(address).startswith(f"{address}: ")


def test_an_empty_object(upload: Upload) -> None:
    address = upload("bills/a.csv", b"")
    assert refused(address) == f"{address}: the file is empty"


def test_a_truncated_parquet_file(tmp_path: Path, upload: Upload) -> None:
    content = write_parquet(tmp_path / "a", [focus()] * 50).read_bytes()
    address = upload("bills/a.parquet", content[: len(content) // 2])
    assert refused(address).startswith(f"{address}: damaged: ")


def test_nothing_there(upload: Upload) -> None:
    upload("bills/a.csv", "a")
    assert refused(f"s3://{BUCKET}/bill") == (
        f"s3://{BUCKET}/bill: no object in S3 is called so, and none lies below it; look with `aws s3 ls`"
    )
    assert "no such bucket" in refused("s3://nobody-has-this-one/bills")
    assert "no bucket is named" in refused("s3:///bills")
    assert "no valid name of a bucket" in refused("s3://My bills!/2026")


def test_an_object_that_has_gone_meanwhile(upload: Upload) -> None:
    upload("bills/a.csv", "a")
    with pytest.raises(InputError, match=r"bills/b\.csv: no such object"):
        read_head(File.at(f"s3://{BUCKET}/bills/b.csv"))
    with pytest.raises(InputError, match=r"bills/b\.parquet: no such object"):
        objects.read_part(f"s3://{BUCKET}/bills/b.parquet", 0, 4)


def test_nobody_is_logged_in(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("AWS_ACCESS_KEY_ID")
    environment.delenv("AWS_SECRET_ACCESS_KEY")
    said = refused("s3://billing/bills")
    assert said.startswith("s3://billing/bills: no AWS credentials were found: name a profile with AWS_PROFILE, log in")


def test_half_of_the_credentials(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("AWS_SECRET_ACCESS_KEY")
    assert "half of the AWS credentials are missing" in refused("s3://billing/bills")


def test_a_profile_that_is_not_there(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AWS_PROFILE", "finops")
    assert "the profile in AWS_PROFILE is not in ~/.aws/config" in refused("s3://billing/bills")


def test_a_profile(upload: Upload, environment: pytest.MonkeyPatch, tmp_path: Path, server: str) -> None:
    address = upload("bills/a.parquet", write_parquet(tmp_path / "a", [focus()]).read_bytes())
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"):
        environment.delenv(name)
    config = f"[profile finops]\nregion = {REGION}\nservices = ours\n[services ours]\ns3 =\n  endpoint_url = {server}\n"
    (tmp_path / "config").write_text(config)
    (tmp_path / "credentials").write_text(f"[finops]\naws_access_key_id = AKIA\naws_secret_access_key = {SECRET}\n")
    environment.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    environment.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    environment.setenv("AWS_PROFILE", "finops")
    objects.forget()
    assert rows(address) == {address: 1}


def test_a_bucket_in_another_region_than_ones_own(server: str, environment: pytest.MonkeyPatch) -> None:
    """This server answers for any region; S3 does not, and polars, unlike boto3, doesn't look for the right one."""
    del environment
    elsewhere = boto3.resource("s3", endpoint_url=server, region_name="us-west-2").Bucket("far-away")
    elsewhere.create(CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    assert objects.scan_options("s3://far-away/a")["storage_options"]["aws_region"] == "us-west-2"
    elsewhere.delete()


def test_access_denied(server: str, upload: Upload, environment: pytest.MonkeyPatch) -> None:
    """moto holds callers to IAM from here on: a user without a policy may do nothing."""
    address = upload("bills/a.csv", "a")
    iam = boto3.client("iam", endpoint_url=server, region_name=REGION)
    iam.create_user(UserName="reader")
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    environment.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    environment.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    objects.forget()
    _hold_to_iam(server, after=0)
    try:
        said = refused(address)
        with pytest.raises(InputError, match="access denied"):
            objects.read_part(address, 0, 4)
    finally:
        _hold_to_iam(server, after=10**9)
        iam.delete_access_key(UserName="reader", AccessKeyId=key["AccessKeyId"])
        iam.delete_user(UserName="reader")
    assert said.startswith(f"{address}: access denied. Whoever reads needs s3:ListBucket on the bucket, s3:GetObject")
    assert key["SecretAccessKey"] not in said


def _hold_to_iam(server: str, after: int) -> None:
    address, headers = f"{server}/moto-api/reset-auth", {"Content-Type": "text/plain"}
    request = urllib.request.Request(address, str(after).encode(), headers, method="POST")  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        assert answer.status == 200


def test_a_server_that_does_not_answer(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    environment.setenv("AWS_MAX_ATTEMPTS", "1")
    objects.forget()
    assert "S3 cannot be reached" in refused("s3://billing/bills")


def test_nothing_of_aws_is_loaded_for_a_bill_that_lies_here(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [focus()])
    code = (
        "import sys\n"
        "from infercost.billing.bill import read_bill\n"
        f"assert read_bill([{str(file)!r}]).rows == 1\n"
        "assert not {'boto3', 'botocore'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_bill_in_s3_is_the_bill_that_it_is_here(tmp_path: Path, upload: Upload) -> None:
    keys = [key.replace(".csv.gz", kind) for key, kind in zip(export_keys("2026-10", NEW, 3), KINDS, strict=True)]
    for number, key in enumerate(keys):
        made = [focus(ResourceId=f"arn:{number}-{row}", BilledCost=f"{number}.{row}") for row in range(20)]
        write = write_parquet if key.endswith("parquet") else write_csv
        upload(key, write(tmp_path / key, made).read_bytes())
    for path in export_manifest_keys("2026-10", NEW):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(export_manifest(NEW, keys))
        upload(path, export_manifest(NEW, keys))
    there, here = read_bill([f"s3://{BUCKET}/"]), read_bill([str(tmp_path)])
    assert there.files == tuple(f"s3://{BUCKET}/{key}" for key in keys)
    assert there.rows == here.rows == 60
    assert_frame_equal(there.charges, here.charges)


def test_the_command_line(tmp_path: Path, upload: Upload, environment: pytest.MonkeyPatch) -> None:
    newest, before = export_keys("2026-10", NEW), export_keys("2026-10", OLD)
    for key in (*before, newest[0]):
        upload(key, write_csv(tmp_path / "a.csv.gz", [focus(ResourceId=key)]).read_bytes())
    for execution, keys in ((OLD, before), (NEW, newest)):
        upload(export_manifest_keys("2026-10", execution)[1], export_manifest(execution, keys))
    infercost = Run(tmp_path)
    whole = infercost("analyze", f"s3://{BUCKET}/exports", "--format", "json")
    assert (whole.returncode, whole.stderr) == (0, "")
    found = Analysis.model_validate_json(whole.stdout).warnings
    assert any(f"2026-10 is read from the older delivery {OLD} instead" in warning for warning in found)

    lacking = infercost("analyze", f"s3://{BUCKET}/exports/daily/metadata", f"s3://{BUCKET}/{newest[0]}")
    assert lacking.returncode == 4
    assert "which is not there" in lacking.stderr

    environment.delenv("AWS_SECRET_ACCESS_KEY")
    refused = infercost("analyze", f"s3://{BUCKET}/exports")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (3, "", 1)
    assert "half of the AWS credentials are missing" in refused.stderr


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_where_text_stops_being_utf_8_is_told_by_its_line(upload: Upload, tmp_path: Path, name: str) -> None:
    text = write_csv(tmp_path / "a.csv", [focus()] * 2000 + [focus(ChargeDescription="Zuerich")]).read_bytes()
    broken = text.replace(b"Zuerich", b"Z\xfcrich")
    address = upload(name, gzip.compress(broken) if name.endswith("gz") else broken)
    with pytest.raises(InputError, match=rf"{name}: not text in UTF-8: line 2002: "):
        read_bill([address])
