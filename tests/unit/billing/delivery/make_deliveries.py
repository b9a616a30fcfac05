"""Deliveries as AWS lays them out: assemblies of a legacy CUR, executions of a Data Export, and their manifests."""

import json
from collections.abc import Sequence
from pathlib import Path

REPORT = "daily"
EXPORT_ARN = "arn:aws:bcm-data-exports:us-east-1:012345678901:export/daily-1"


def legacy_keys(month: str, assembly: str | None, files: int = 2, suffix: str = ".csv.gz") -> list[str]:
    """The keys of a legacy CUR; without an assembly each delivery overwrites the last one."""
    folder = f"cur/{REPORT}/{_dates(month)}" + (f"/{assembly}" if assembly else "")
    return [f"{folder}/{REPORT}-{number:05}{suffix}" for number in range(1, files + 1)]


def athena_keys(month: str, files: int = 1) -> list[str]:
    """The keys of a legacy CUR for Athena."""
    year, number = month.split("-")
    folder = f"cur/{REPORT}/{REPORT}/year={year}/month={int(number)}"
    return [f"{folder}/{REPORT}-{number:05}.snappy.parquet" for number in range(1, files + 1)]


def export_keys(month: str, execution: str | None, files: int = 2) -> list[str]:
    """The keys of a Data Export; without an execution each delivery overwrites the last one."""
    folder = f"exports/{REPORT}/data/BILLING_PERIOD={month}" + (f"/{execution}" if execution else "")
    return [f"{folder}/{REPORT}-{number:05}.csv.gz" for number in range(1, files + 1)]


def legacy_manifest(month: str, assembly: str, keys: Sequence[str], **more: object) -> str:
    """What AWS writes beside a legacy CUR."""
    start = f"{month.replace('-', '')}01T000000.000Z"
    return json.dumps(
        {
            "assemblyId": assembly,
            "account": "012345678901",
            "columns": [{"category": "identity", "name": "LineItemId", "type": "String"}],
            "reportName": REPORT,
            "billingPeriod": {"start": start, "end": start},
            "bucket": "billing",
            "reportKeys": list(keys),
            "additionalArtifactKeys": [],
            **more,
        }
    )


def export_manifest(execution: str, keys: Sequence[str], **more: object) -> str:
    """What AWS writes beside a Data Export."""
    addresses = [f"s3://billing/{key}" for key in keys]
    return json.dumps({"executionId": execution, "exportArn": EXPORT_ARN, "dataFiles": addresses, **more})


def legacy_manifest_keys(month: str, assembly: str) -> tuple[str, str]:
    """Where the month's own manifest lies, and the assembly's own."""
    folder = f"cur/{REPORT}/{_dates(month)}"
    return f"{folder}/{REPORT}-Manifest.json", f"{folder}/{assembly}/{REPORT}-Manifest.json"


def export_manifest_keys(month: str, execution: str) -> tuple[str, str]:
    """Where the month's own manifest lies, and the execution's own."""
    folder = f"exports/{REPORT}/metadata/BILLING_PERIOD={month}"
    return f"{folder}/{REPORT}-Manifest.json", f"{folder}/{execution}/{REPORT}-Manifest.json"


def put(root: Path, key: str, content: str | bytes = "lineItem/UnblendedCost\n1\n") -> Path:
    """Writes a file where its key says."""
    file = root / key
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def _dates(month: str) -> str:
    year, number = map(int, month.split("-"))
    after = f"{year + number // 12}{number % 12 + 1:02}01"
    return f"{year}{number:02}01-{after}"
