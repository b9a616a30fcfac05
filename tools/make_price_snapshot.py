# ruff: noqa: INP001 -- a script beside the package
"""Makes the shipped price snapshot, `python/infercost/prices/data/*.csv`, from the price facts.

    python tools/make_price_snapshot.py [FOLDER]

reads `$INFERCOST_SHARED/data/prices` (default `../shared`) and writes into FOLDER (default: the package). Same facts,
same bytes. docs/prices.md tells users the rule by which the snapshot is made:

1.  Out, whatever else is known: rows without a price, a date or a region, superseded or suspect rows, `inferred-low`
    and third-party rows, rates of a variant (`claude_platform` is another vendor's product), ids without a provider.
2.  `us-default` is us-east-1 and no other region.
3.  Of several rows for one key and region: listed beats billed elsewhere beats inferred; then the newest date wins.
4.  Rows that still disagree are all out: an honest unknown is better than a coin toss.
"""

import csv
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import groupby
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
DATA = REPOSITORY / "python" / "infercost" / "prices" / "data"
Facts = Mapping[str, str]

# Provisioned rows name models as the price page prints them; these are the ids that the page's names stand for.
# Left out on purpose: names that stand for several ids.
MODEL_IDS = {
    "Amazon Nova Canvas": "amazon.nova-canvas-v1:0",
    "Cohere Command": "cohere.command-text-v14",
    "Command": "cohere.command-text-v14",
    "Cohere Command - Light": "cohere.command-light-text-v14",
    "Command-Light": "cohere.command-light-text-v14",
    "Embed 3 English": "cohere.embed-english-v3",
    "Embed 3 Multilingual": "cohere.embed-multilingual-v3",
    "Llama 3.1 Instruct (8B)": "meta.llama3-1-8b-instruct-v1:0",
    "Llama 3.1 Instruct (70B)": "meta.llama3-1-70b-instruct-v1:0",
    "Llama 3.2 Instruct (1B)": "meta.llama3-2-1b-instruct-v1:0",
    "Llama 3.2 Instruct (3B)": "meta.llama3-2-3b-instruct-v1:0",
    "Llama 3.2 Instruct (11B)": "meta.llama3-2-11b-instruct-v1:0",
    "Llama 3.2 Instruct (90B)": "meta.llama3-2-90b-instruct-v1:0",
}
INSTANCE_PREFIX = {"hosting": "Host", "batch-transform": "Tsform"}
STORAGE = {"hosting-storage-gp2": "Host:VolumeUsage.gp2"}
# As the price list groups them: `Usage` is for the time held, `Mem` for that of the requests.
SERVERLESS_PREFIX = {
    "serverless-on-demand": "ServerlessInf:Mem",
    "serverless-provisioned-concurrency-usage": "ProvisionedConcurrency:Usage",
    "serverless-provisioned-concurrency-duration": "ProvisionedConcurrency:Mem",
}
TOKEN_DIMENSIONS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
TOKEN_TIERS = ("standard", "batch", "flex", "priority")
COMMITMENTS = ("none", "1-month", "6-month")


@dataclass(frozen=True)
class Row:
    """One price of the snapshot, as it is written."""

    key: str
    region: str
    unit: str
    price_usd: str
    as_of: str
    confidence: str
    evidence: str
    source: str


def rank(confidence: str) -> int | None:
    """0 listed, 1 billed elsewhere, 2 inferred; None for what is not shipped."""
    if confidence.startswith(("as-listed", "derived: per-second")):
        return 0
    return {"as-billed": 1, "inferred-high": 2, "inferred-medium": 2}.get(confidence)


def date(fact: Facts) -> str | None:
    """The date of a price: YYYY, YYYY-MM or YYYY-MM-DD. An inferred price is as old as the price it was made from."""
    text = fact["source"] if fact["confidence"].startswith("inferred") else fact["as_of"]
    if text.startswith("unknown"):
        return None
    found = re.search(r"(?<![\d.])20\d\d(-\d\d(-\d\d)?)?", text)
    return found.group(0) if found else None


def row(fact: Facts, key: str, region: str, unit: str, source: str | None = None) -> Row | None:
    """A row of the snapshot, or None where rule 1 keeps the fact out."""
    as_of, level = date(fact), rank(fact["confidence"])
    if (
        not fact["price_usd"]
        or as_of is None
        or level is None
        or not re.fullmatch(r"[a-z]+(-[a-z]+)+-\d|geo:.+", region)
    ):
        return None
    return Row(
        key=key,
        region=region,
        unit=unit,
        price_usd=f"{Decimal(fact['price_usd']):f}",
        as_of=as_of,
        confidence=fact["confidence"],
        evidence="measured" if level == 0 else "modelled",
        source=source or fact["source"],
    )


def instances(facts: Iterable[Facts]) -> Iterator[Row | None]:
    """Instance hours of endpoints and batch transform, and storage of endpoints."""
    for fact in facts:
        if fact["component"] in STORAGE:
            yield row(fact, STORAGE[fact["component"]], fact["region"], "GB-Mo")
        prefix = INSTANCE_PREFIX.get(fact["component"])
        if prefix is not None:
            source = "; ".join(part for part in (fact["basis"], fact["source"]) if part)
            yield row(fact, f"{prefix}:{fact['instance_type']}", fact["region"], "Hrs", source)


def serverless(facts: Iterable[Facts]) -> Iterator[Row | None]:
    """Serverless seconds by memory size, on demand and provisioned, and data through endpoints."""
    for fact in facts:
        prefix = SERVERLESS_PREFIX.get(fact["item"])
        if prefix is not None:
            yield row(fact, f"{prefix}-{int(fact['memory_mb']) // 1024}GB", fact["region"], "Second")
        elif fact["item"].startswith("data-processing-"):
            yield row(fact, f"Hst:Data-Bytes-{fact['item'].rsplit('-', 1)[1].title()}", fact["region"], "GB")


def tokens(facts: Iterable[Facts]) -> Iterator[Row | None]:
    """Tokens of Bedrock in the base context tier."""
    for fact in facts:
        if (
            fact["variant"]
            or not re.match(r"[a-z][a-z0-9-]*\.[a-z]", fact["model_id"])
            or fact["context_tier"] != "base"
            or fact["service_tier"] not in TOKEN_TIERS
            or fact["dimension"] not in TOKEN_DIMENSIONS
            or fact["unit"] != "USD/1M tokens"
        ):
            continue
        region = "us-east-1" if fact["region"] == "us-default" else fact["region"]
        key = f"bedrock:{fact['model_id']}:{fact['service_tier']}:{fact['dimension']}"
        yield row(fact, key, region, "1M tokens")


def model_units(facts: Iterable[Facts]) -> Iterator[Row | None]:
    """Hours of provisioned model units, of base and of custom models."""
    for fact in facts:
        model = MODEL_IDS.get(fact["model"], fact["model"] if "." in fact["model"].split(" ")[0] else None)
        kind = {"provisioned-throughput": "provisioned", "provisioned-throughput-custom-model": "provisioned-custom"}
        product = kind.get(fact["product"])
        if model is not None and product is not None and fact["commitment"] in COMMITMENTS:
            yield row(fact, f"bedrock:{model}:{product}:{fact['commitment']}", fact["region"], "Hrs")


def settle(rows: Iterable[Row | None]) -> list[Row]:
    """Rules 3 and 4: one row for each key and region, or none."""

    def place(one: Row) -> tuple[str, str]:
        return one.key, one.region

    settled = []
    for _, rivals in groupby(sorted((one for one in rows if one is not None), key=place), key=place):
        group = list(rivals)
        surest = min(level for one in group if (level := rank(one.confidence)) is not None)
        group = [one for one in group if rank(one.confidence) == surest]
        newest = max(one.as_of for one in group)
        group = [one for one in group if one.as_of == newest]
        if len({Decimal(one.price_usd) for one in group}) == 1:
            settled.append(min(group, key=lambda one: (one.source, one.confidence)))
    return settled


TABLES: dict[str, tuple[str, Callable[[Iterable[Facts]], Iterator[Row | None]]]] = {
    "instances.csv": ("sagemaker_instances.csv", instances),
    "serverless.csv": ("sagemaker_serverless.csv", serverless),
    "tokens.csv": ("bedrock_tokens.csv", tokens),
    "model_units.csv": ("bedrock_provisioned.csv", model_units),
}


def main(folder: Path) -> None:
    """Writes every table of the snapshot into `folder`."""
    facts_folder = Path(os.environ.get("INFERCOST_SHARED", REPOSITORY.parent / "shared")) / "data" / "prices"
    folder.mkdir(parents=True, exist_ok=True)
    for name, (facts_name, read) in TABLES.items():
        with (facts_folder / facts_name).open(encoding="utf-8", newline="") as facts:
            settled = settle(read(csv.DictReader(facts)))
        with (folder / name).open("w", encoding="utf-8", newline="") as table:
            writer = csv.writer(table, lineterminator="\n")
            columns = [column.name for column in fields(Row)]
            writer.writerow(columns)
            writer.writerows([getattr(one, column) for column in columns] for one in settled)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
