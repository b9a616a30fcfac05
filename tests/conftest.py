"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test fails by the time it takes: a busy machine is no defect. Ever new examples where a person watches; the same
# ones on CI, where a red run must mean a change.
settings.register_profile(
    "ours", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("ours")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of facts and samples that is not part of the repository.

    `INFERCOST_SHARED` names it (default `../shared`). Where it is absent the test is skipped, and with
    `INFERCOST_REQUIRE_SHARED=1` it fails.
    """
    folder = Path(os.environ.get("INFERCOST_SHARED", "../shared"))
    if not folder.is_absolute():
        folder = Path(__file__).parents[1] / folder
    if not folder.is_dir():
        reason = f"no folder of shared facts at {folder}: set INFERCOST_SHARED"
        if os.environ.get("INFERCOST_REQUIRE_SHARED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
