"""The layers of the price book, and what each may not do."""

from decimal import Decimal

import pytest

from accounts.rows import frame, hosting, tokens
from infercost.prices.book import PriceBook
from infercost.schema.errors import UsageError
from infercost.schema.evidence import Evidence

BOOK = PriceBook.shipped()
HOST, EAST = "Host:ml.m5.xlarge", "us-east-1"
NOVA_IN = "bedrock:amazon.nova-lite-v1:0:standard:input"


def test_a_listed_price_names_its_layer_date_and_source() -> None:
    price = BOOK.find(HOST, EAST)
    assert price is not None
    assert (price.amount, price.unit, price.layer, price.as_of) == (Decimal("0.23"), "Hrs", "list", "2026-09-28")
    assert price.evidence == Evidence.MEASURED


@pytest.mark.parametrize("region", ["eu-south-2", "us-west-1", "mars-east-1"])
def test_another_region_is_unknown(region: str) -> None:
    assert BOOK.find("bedrock:amazon.nova-pro-v1:0:standard:input", region) is None


def test_a_price_derived_from_ec2_says_so_and_caps_evidence() -> None:
    price = BOOK.find("Host:ml.m5.large", EAST)
    assert price is not None
    assert (price.layer, price.evidence) == ("inferred", Evidence.MODELLED)


def test_async_and_batch_transform_cost_what_real_time_costs() -> None:
    host = BOOK.find("Host:ml.inf2.xlarge", EAST)
    assert host is not None
    for key in ("AsyncInf:ml.inf2.xlarge", "Tsform:ml.inf2.xlarge"):
        price = BOOK.find(key, EAST)
        assert price is not None
        assert (price.amount, price.layer, price.evidence) == (host.amount, "inferred-equal", Evidence.MODELLED)
        assert "Host:ml.inf2.xlarge" in price.source


def test_batch_transform_has_no_price_for_types_it_does_not_offer() -> None:
    assert BOOK.find("Host:ml.inf1.xlarge", EAST) is not None
    assert BOOK.find("Tsform:ml.inf1.xlarge", EAST) is None  # BT-9
    assert BOOK.find("AsyncInf:ml.inf1.xlarge", EAST) is not None


def test_async_has_no_price_where_the_type_is_not_offered() -> None:
    book = BOOK.with_overrides({"Host:ml.g4dn.xlarge": "1"})
    assert book.find("AsyncInf:ml.g4dn.xlarge", "eu-west-3") is None
    assert book.find("AsyncInf:ml.g4dn.xlarge", "eu-west-1") is not None


def test_a_listed_batch_transform_price_wins_over_the_equal_one() -> None:
    price = BOOK.find("Tsform:ml.g5.xlarge", "us-west-2")
    assert price is not None
    assert (price.amount, price.layer) == (Decimal("1.408"), "list")


def test_a_profile_has_the_price_of_its_geography_and_only_there() -> None:
    european = "bedrock:eu.amazon.nova-lite-v1:0:standard:input"
    price = BOOK.find(european, "eu-west-1")
    assert price is not None
    assert price.amount == Decimal("0.078")
    assert BOOK.find(european, EAST) is None
    american = "bedrock:us.amazon.nova-lite-v1:0:standard:input"
    assert BOOK.find(american, "us-west-2") is not None
    assert BOOK.find(american, "us-gov-west-1") is None


def test_a_missing_batch_price_is_unknown_not_half_of_the_standard_one() -> None:
    assert BOOK.find("bedrock:amazon.titan-text-lite-v1:standard:input", EAST) is not None
    assert BOOK.find("bedrock:amazon.titan-text-lite-v1:batch:input", EAST) is None


def test_an_override_is_above_every_layer() -> None:
    bill = frame(hosting("USE1-Host:ml.m5.xlarge", "10", "2.0"))
    price = BOOK.with_bill(bill).with_overrides({HOST: "9.99"}).find(HOST, EAST)
    assert price is not None
    assert (price.amount, price.layer) == (Decimal("9.99"), "scenario")


@pytest.mark.parametrize(
    ("key", "price", "words"),
    [
        ("USE1-Host:ml.m5.xlarge", "1", "without its region prefix: `Host:ml.m5.xlarge`"),
        ("Hots:ml.m5.xlarge", "1", "should look like `Host:ml.m5.xlarge`"),
        (HOST, "-1", "is no price"),
        (HOST, "NaN", "is no price"),
        (HOST, "1e400000", "is no price"),
        (HOST, "1e-400000", "is no price"),
        (HOST, "0.2 USD", "give USD per Hrs"),
        ("bedrock:amazon.nova-lite-v1:0:cheap:input", "1", "bedrock:amazon.nova-lite-v1:0:standard:input"),
    ],
)
def test_an_override_that_prices_nothing_is_refused(key: str, price: str, words: str) -> None:
    with pytest.raises(UsageError, match=r"usage type|price") as caught:
        BOOK.with_overrides({key: price})
    assert words in str(caught.value)


def test_the_bill_above_the_list() -> None:
    book = BOOK.with_bill(frame(hosting("USE1-Host:ml.m5.xlarge", "10", "2.07", list_cost=Decimal("2.3"))))
    price = book.find(HOST, EAST)
    assert price is not None
    assert (price.amount, price.layer, price.as_of) == (Decimal("0.207"), "bill", "2026-10-01")
    assert (book.basis, BOOK.basis) == ("AfterDiscountsAndCommitments", "list")
    elsewhere = book.find(HOST, "eu-west-1")
    assert elsewhere is not None
    assert elsewhere.layer == "list x discount"


def test_what_the_bill_lacks_gets_the_list_price_times_the_discount_of_its_product_code() -> None:
    book = BOOK.with_bill(
        frame(
            hosting("USE1-Host:ml.m5.xlarge", "10", "2.07", list_cost=Decimal("2.3")),
            hosting("USE1-Host:ml.g5.xlarge", "1", "1.26756", list_cost=Decimal("1.4084")),
        )
    )
    price = book.find("Host:ml.inf2.xlarge", EAST)
    assert price is not None
    assert (price.amount, price.layer, price.evidence) == (Decimal("0.891"), "list x discount", Evidence.MODELLED)
    inferred = book.find("Host:ml.m5.large", EAST)
    assert inferred is not None
    assert inferred.layer == "inferred x discount"
    bedrock = book.find(NOVA_IN, EAST)
    assert bedrock is not None
    assert bedrock.layer == "list"  # another product code


def test_discounts_that_differ_within_a_product_code_leave_what_the_bill_lacks_unknown() -> None:
    book = BOOK.with_bill(
        frame(
            hosting("USE1-Host:ml.m5.xlarge", "10", "2.07", list_cost=Decimal("2.3")),
            hosting("USE1-Host:ml.g5.xlarge", "1", "1.4084"),
        )
    )
    assert book.find("Host:ml.inf2.xlarge", EAST) is None
    assert book.find(NOVA_IN, EAST) is not None  # another product code
    assert book.notes == (
        "AmazonSageMaker: what the bill pays of its list prices differs; what the bill lacks has no price",
    )


def test_a_discount_that_changed_within_the_month_is_unknown() -> None:
    row = hosting("USE1-Host:ml.m5.xlarge", "10", "2.07", list_cost=Decimal("2.3"))
    later = hosting("USE1-Host:ml.m5.xlarge", "10", "1.84", list_cost=Decimal("2.3"))
    assert BOOK.with_bill(frame(row, later)).find("Host:ml.inf2.xlarge", EAST) is None


def test_a_regional_rate_of_the_bill_is_that_of_the_geographic_profiles_too_but_not_of_global() -> None:
    book = BOOK.with_bill(frame(tokens("Claude4.6Sonnet", "input", "1000", "2.7")))
    for model, layer in (("", "bill"), ("us.", "bill"), ("global.", "list")):
        price = book.find(f"bedrock:{model}anthropic.claude-sonnet-4-6:standard:input", EAST)
        assert price is not None
        assert price.layer.split(" x ")[0] == layer, model


def test_a_bill_at_list_prices_leaves_the_list_as_it_is() -> None:
    price = BOOK.with_bill(frame(hosting("USE1-Host:ml.m5.xlarge", "10", "2.3"))).find("Host:ml.inf2.xlarge", EAST)
    assert price is not None
    assert (price.amount, price.layer) == (Decimal("0.99"), "list")


def test_a_discounted_model_is_found_under_the_product_code_that_bills_it() -> None:
    rows = frame(
        tokens("Claude4.6Sonnet", "input", "1000", "2.7", list_cost=Decimal(3), service_code="0x4d50"),
        tokens("NovaLite", "input", "1000", "0.06"),
    )
    price = BOOK.with_bill(rows).find("bedrock:anthropic.claude-sonnet-4-6:standard:output", EAST)
    listed = BOOK.find("bedrock:anthropic.claude-sonnet-4-6:standard:output", EAST)
    assert price is not None
    assert listed is not None
    assert price.layer == "list x discount"
    assert price.amount == listed.amount * Decimal("0.9")


CLAUDE_OUT = "bedrock:anthropic.claude-sonnet-4-6:standard:output"
CLAUDE = {
    "bedrock": tokens(
        *("Claude4.6Sonnet", "input", "1000", "2.7"), list_cost=Decimal(3), service_code="AmazonBedrockService"
    ),
    "marketplace": tokens(
        *("Claude Sonnet 4.6", "input", "1000", "2.7"), list_cost=None, service_code="0x4d50", region_id="eu-south-2"
    ),
}


def test_a_model_of_two_product_codes_is_on_the_basis_of_those_that_bill_what_is_compared() -> None:
    book = BOOK.with_bill(frame(*CLAUDE.values()))
    price = book.sold_by(frame(CLAUDE["bedrock"])).find(CLAUDE_OUT, EAST)
    listed = BOOK.find(CLAUDE_OUT, EAST)
    assert price is not None
    assert listed is not None
    assert (price.amount, price.layer) == (listed.amount * Decimal("0.9"), "list x discount")
    assert book.sold_by(frame(CLAUDE["marketplace"])).find(CLAUDE_OUT, EAST) is None  # no list price tells its discount
    assert book.sold_by(frame(*CLAUDE.values())).find(CLAUDE_OUT, EAST) is None


def test_a_bill_on_another_scale_than_the_list_puts_what_it_lacks_on_its_scale() -> None:
    book = BOOK.with_bill(
        frame(hosting("USE1-Host:ml.m5.xlarge", "10", "4.6"), hosting("USE1-Host:ml.m5.large", "10", "2.304"))
    )
    price = book.find("Host:ml.inf2.xlarge", EAST)
    assert price is not None
    assert (price.amount, price.layer, price.evidence) == (Decimal("1.98"), "list x scale", Evidence.MODELLED)
    assert book.notes == ("AmazonSageMaker: the bill's prices are 2 x the price list's; so is what the bill lacks",)


def test_scale_and_discount_are_two_things() -> None:
    book = BOOK.with_bill(frame(hosting("USE1-Host:ml.m5.xlarge", "10", "4.14", list_cost=Decimal("4.6"))))
    price = book.find("Host:ml.inf2.xlarge", EAST)
    assert price is not None
    assert (price.amount, price.layer) == (Decimal("1.782"), "list x scale x discount")


def test_a_bill_without_list_prices_shows_its_discount_against_our_list() -> None:
    book = BOOK.with_bill(frame(hosting("USE1-Host:ml.m5.xlarge", "10", "1.84", list_cost=None)))
    price = book.find("Host:ml.inf2.xlarge", EAST)
    assert price is not None
    assert (price.amount, price.layer) == (Decimal("0.792"), "list x scale")


def test_a_bill_that_is_above_the_list_in_part_leaves_what_it_lacks_unknown() -> None:
    book = BOOK.with_bill(
        frame(hosting("USE1-Host:ml.m5.xlarge", "10", "4.6"), hosting("USE1-Host:ml.m5.large", "10", "1.152"))
    )
    assert book.find("Host:ml.inf2.xlarge", EAST) is None
    assert book.find("Host:ml.m5.large", EAST) is not None
    assert book.find(NOVA_IN, EAST) is not None  # another product code
    assert "no single multiple" in book.notes[0]


def test_a_bill_that_is_below_the_list_in_part_leaves_the_list_as_it_is() -> None:
    book = BOOK.with_bill(
        frame(hosting("USE1-Host:ml.m5.xlarge", "10", "1.15"), hosting("USE1-Host:ml.m5.large", "10", "1.152"))
    )
    price = book.find("Host:ml.inf2.xlarge", EAST)
    assert price is not None
    assert price.amount == Decimal("0.99")
