"""What a bill holds that nobody has told infercost: said, priced as billed, and read as nothing it is not."""

import json

import pytest

from cli.runner import Run
from unit.billing.make_exports import focus, write_csv

HOURS = range(24)


def hour(number: int) -> dict[str, str]:
    return {
        "ChargePeriodStart": f"2026-10-31T{number:02}:00:00Z",
        "ChargePeriodEnd": f"2026-10-31T{number + 1:02}:00:00Z" if number < 23 else "2026-11-01T00:00:00Z",
    }


def analysed(run: Run, form: str) -> str:
    found = run("analyze", "bill.csv", "--format", form, COLUMNS="140")
    assert (found.returncode, found.stderr) == (0, "")
    return found.stdout


@pytest.mark.parametrize("form", ["table", "markdown", "html"])
def test_an_unknown_usage_type_is_shown_with_its_dollars_and_its_nearest_relative(run: Run, form: str) -> None:
    rows = [focus(**hour(number)) for number in HOURS]
    rows += [focus(**hour(3), x_UsageType="USE1-Hosting:ml.g6.xlarge", EffectiveCost="77.7")]
    write_csv(run.folder / "bill.csv", rows)
    assert json.loads(analysed(run, "json"))["bill"]["unrecognised"] == [
        {
            "name": "USE1-Hosting:ml.g6.xlarge",
            "cost": "77.7",
            "detail": "AmazonSageMaker, 1 row, nearest known: Host:ml.g6.xlarge",
            "service": "AmazonSageMaker",
            "rows": 1,
            "nearest": "Host:ml.g6.xlarge",
        }
    ]
    shown = analysed(run, form)
    [line] = [line for line in shown.splitlines() if "USE1-Hosting:ml.g6.xlarge" in line]
    assert "77.70" in line
    assert "nearest known: Host:ml.g6.xlarge" in line


def test_what_costs_nothing_and_is_not_known_is_listed_too(run: Run) -> None:
    write_csv(run.folder / "bill.csv", [focus(), focus(x_UsageType="Quux", EffectiveCost="0")])
    [unknown] = json.loads(analysed(run, "json"))["bill"]["unrecognised"]
    assert (unknown["name"], unknown["cost"], unknown["nearest"]) == ("Quux", "0", None)
    assert unknown["detail"] == "AmazonSageMaker, 1 row, like nothing known"


def test_an_endpoint_of_which_half_the_hours_are_in_an_unknown_unit_is_not_called_half_as_large(run: Run) -> None:
    fraud = "arn:aws:sagemaker:us-east-1:012345678901:endpoint/fraud"
    other = {"ResourceId": fraud.replace("fraud", "other")}
    rows = [focus(**hour(number), **more) for number in HOURS for more in ({}, {"PricingUnit": "Fortnights"}, other)]
    write_csv(run.folder / "bill.csv", rows)
    found = json.loads(analysed(run, "json"))
    shown = {one["name"]: one for one in found["workloads"]}
    assert shown["other"]["deployment"].startswith("1 x ml.g5.xlarge")
    assert (shown["fraud"]["deployment"], shown["fraud"]["effective_cost"]) == ("unknown", "72")
    assert shown["fraud"]["notes"] == [
        "the quantity of 24 of its 48 rows is unknown (unit Fortnights): how it runs cannot be told"
    ]
    assert found["bill"]["inference_effective_cost"] == "108"
    [warning] = [one for one in found["warnings"] if "cannot be counted" in one]
    assert warning.startswith(
        "bill.csv: inference whose quantity cannot be counted: 'USE1-Host:ml.g5.xlarge' in the unit 'Fortnights'"
        " (24 rows, 36.00). Its cost counts"
    )
