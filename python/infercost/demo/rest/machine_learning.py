"""Machine learning that serves nobody: training on GPUs, notebooks, Studio volumes."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from infercost.demo.account import PLATFORM, RISK, plain, training_job
from infercost.demo.charge import Charge
from infercost.demo.meters import NOTEBOOK, STUDIO_VOLUME, TRAINING
from infercost.demo.usage import every_day, stored


def machine_learning() -> Iterator[Charge]:
    """56 hours of training a day on ml.g6e.12xlarge, 90 of notebooks, and 2 TB of Studio spaces."""
    training = training_job(PLATFORM, "ranking-retrain", team="recommendations", app="ranking")
    notebooks = plain(RISK, "notebook-instance/analysts", "Notebook instance", team="risk", app="research")
    spaces = plain(RISK, "space/analysts", "Studio space", team="risk", app="research")
    return chain(
        every_day(training, TRAINING, Decimal(56)),
        every_day(notebooks, NOTEBOOK, Decimal(90)),
        stored(spaces, STUDIO_VOLUME, size_gb=2_000),
    )
