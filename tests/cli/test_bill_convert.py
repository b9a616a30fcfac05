"""`infercost bill convert`, as users run it."""

from cli.runner import Run
from unit.billing.make_exports import cur, write_csv

EC2 = {"line_item_product_code": "AmazonEC2", "line_item_usage_type": "BoxUsage:t3.micro", "product": ""}


def test_what_was_kept_is_analysed_like_the_export(run: Run) -> None:
    write_csv(run.folder / "bill.csv.gz", [cur(), cur(**EC2)])
    done = run("bill", "convert", "bill.csv.gz", "--output", "kept.parquet")
    assert (done.returncode, done.stderr) == (0, "")
    assert "  set aside, other service  1\n" in done.stdout
    assert "MB" not in done.stdout.splitlines()[-1], "a few kilobytes are not 0.0 MB"
    kept, export = (run("analyze", bill, "--format", "json") for bill in ("kept.parquet", "bill.csv.gz"))
    assert kept.returncode == 0, kept.stderr
    assert kept.stdout == export.stdout


def test_rows_without_a_currency_are_no_rows_of_any(run: Run) -> None:
    write_csv(run.folder / "bill.csv", [cur(), cur(line_item_currency_code="", line_item_unblended_cost="0.23")])
    done = run("bill", "convert", "bill.csv", "--output", "kept.parquet")
    assert done.returncode == 0, done.stderr
    assert "billed 0.23, effective 0.23 in no known currency\n" in done.stdout


def test_focus_without_the_rest_of_the_bill_says_so(run: Run) -> None:
    write_csv(run.folder / "bill.csv.gz", [cur(), cur(**EC2)])
    done = run("bill", "convert", "bill.csv.gz", "--to", "focus", "--output", "focus.csv")
    assert done.returncode == 0, done.stderr
    assert "what is set aside is not in the FOCUS file" in done.stdout
    assert "BilledCost" in (run.folder / "focus.csv").read_text()


def test_parquet_under_another_name_is_refused(run: Run) -> None:
    write_csv(run.folder / "bill.csv.gz", [cur()])
    done = run("bill", "convert", "bill.csv.gz", "--output", "charges.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "charges are kept as Parquet" in done.stderr
    assert not (run.folder / "charges.csv").exists()
