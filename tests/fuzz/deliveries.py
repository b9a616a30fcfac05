"""Folders as AWS delivers them, with manifests that may say anything, and ZIP archives of any making."""

import io
import json
import zipfile
from collections.abc import Callable

from fuzz.choices import Choices
from fuzz.exports import as_csv
from fuzz.words import word
from unit.billing.delivery import make_deliveries as made
from unit.billing.legacy_exports import legacy
from unit.billing.make_exports import Row, focus

_MONTHS = ("2026-10", "2026-09")
IDS = ("20261101T010000Z-a", "20261102T010000Z-b")
_NAMES = (
    *("a.csv", "b.csv", "folder/a.csv", "../a.csv", "/a.csv", "C:\\a.csv", ".hidden.csv", "__MACOSX/a.csv", "a.txt"),
    *("Manifest.json", "a.csv/", "a\0b.csv", "a.csv.gz", "a.zip", "é.csv"),
)
_METHODS = (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2)


def delivered(choices: Choices) -> dict[str, bytes]:
    """Deliveries of a month or two, each with its manifests, of which some are bent."""
    files: dict[str, bytes] = {}
    is_legacy = choices.number(2) == 0
    for month in _MONTHS[: 1 + choices.number(2)]:
        for identity in IDS[: 1 + choices.number(2)]:
            files |= _legacy(choices, month, identity) if is_legacy else _export(choices, month, identity)
    return {name: content for name, content in files.items() if choices.number(16) != 15}


def archive(choices: Choices) -> dict[str, bytes]:
    """One ZIP of a few members; a few of its bytes may be others."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        for _ in range(choices.number(4)):
            content = as_csv(_rows(choices, focus, "2026-10")) if choices.number(4) else word(choices).encode()
            packed.writestr(zipfile.ZipInfo(choices.pick(_NAMES)), content, choices.pick(_METHODS))
    whole = bytearray(memory.getvalue())
    for _ in range(choices.number(4)):
        whole[(choices.number(256) * 256 + choices.number(256)) % len(whole)] = choices.number(256)
    return {"a.zip": bytes(whole)}


def _legacy(choices: Choices, month: str, identity: str) -> dict[str, bytes]:
    keys = made.legacy_keys(month, identity, suffix=".csv")
    manifest = made.legacy_manifest(month, identity, keys)
    places = made.legacy_manifest_keys(month, identity)
    return _with_manifests(choices, places, manifest, _data(choices, keys, legacy, month))


def _export(choices: Choices, month: str, identity: str) -> dict[str, bytes]:
    keys = [key.removesuffix(".gz") for key in made.export_keys(month, identity)]
    places = made.export_manifest_keys(month, identity)
    return _with_manifests(choices, places, made.export_manifest(identity, keys), _data(choices, keys, focus, month))


def _data(choices: Choices, keys: list[str], make: Callable[..., Row], month: str) -> dict[str, bytes]:
    return {key: as_csv(_rows(choices, make, month)) for key in keys}


def _rows(choices: Choices, make: Callable[..., Row], month: str) -> list[Row]:
    row = make()
    if month != _MONTHS[0]:  # every month has a 28th
        row = {
            name: value.replace("2026-10-31", "2026-09-28").replace("2026-10", "2026-09") for name, value in row.items()
        }
    costs = [name for name in row if name.endswith(("BilledCost", "UnblendedCost"))]
    return [row | {name: f"{choices.number(256)}.25" for name in costs} for _ in range(1 + choices.number(3))]


def _with_manifests(
    choices: Choices, places: tuple[str, ...], manifest: str, data: dict[str, bytes]
) -> dict[str, bytes]:
    return data | {place: _bent(choices, manifest).encode() for place in places if choices.number(8) != 7}


def _bent(choices: Choices, manifest: str) -> str:
    """Mostly as it is; else with another value under a key, or with some of its text replaced."""
    how = choices.number(8)
    if how == 6:
        document = json.loads(manifest)
        name = choices.pick(sorted(document))
        value = choices.pick(("text", "list", "number", "none", "fewer"))
        others = {"text": word(choices), "list": [word(choices), word(choices)], "number": choices.number(256)}
        given = document[name]
        document[name] = given[:1] if value == "fewer" and isinstance(given, list) else others.get(value)
        return json.dumps(document)
    if how == 7:
        at = choices.number(256) * 256 + choices.number(256)
        return manifest[: at % len(manifest)] + word(choices) + manifest[at % len(manifest) + choices.number(64) :]
    return manifest
