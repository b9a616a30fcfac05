"""What a selection of nothing is answered with."""

from pathlib import Path

import pytest

import worlds
from infercost.cli.options import check_selected
from infercost.schema.config import Config
from infercost.schema.errors import UsageError
from infercost.schema.selection import Selection
from infercost.workloads import discover


def test_a_service_is_selected_by_its_product_code_and_the_services_are_told_where_none_fits() -> None:
    found = discover(worlds.bill([worlds.instances("it", "ml.g5.xlarge", 1)], days=1), Config(), Path())
    check_selected(Selection.parse(["service:AmazonSageMaker"]), found)
    with pytest.raises(UsageError, match=r"their product codes are: Amazon SageMaker, AmazonSageMaker$"):
        check_selected(Selection.parse(["service:AmazonEC2"]), found)
    with pytest.raises(UsageError, match=r"the workloads are: it$"):
        check_selected(Selection.parse(["workload:other"]), found)
