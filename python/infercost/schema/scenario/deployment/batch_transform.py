"""SageMaker batch transform."""

from typing import Annotated, Literal

from pydantic import Field

from infercost.schema.scenario.bounds import Fleet, Speed, Workers
from infercost.schema.scenario.deployment.base import InstanceType, Place, VolumeGb
from infercost.schema.strict import Positive


class BatchTransform(Place):
    """SageMaker batch transform: a job every `every_s` on what has arrived since the last, or one job at the end.

    Records lie in `files` objects. A call carries a whole one (`split_type` none), one record, or with `batch_strategy`
    multi-record as many as `max_payload_mb` holds, 0 being no limit [BT-4, BT-6]. A call above `invocation_timeout_s`
    is tried again `retries` times [BT-8]. `volume_gb`: storage of each instance.
    """

    pattern: Literal["batch-transform"]
    instance_type: InstanceType
    instances: Fleet = 1
    files: Annotated[int, Field(ge=1, le=10**9)] = 1
    split_type: Literal["line", "none", "recordio", "tfrecord"] = "line"
    batch_strategy: Literal["single-record", "multi-record"] = "single-record"
    max_concurrent_transforms: Workers = 1
    max_payload_mb: Annotated[int, Field(ge=0, le=10**6)] = 6
    invocation_timeout_s: Annotated[int, Field(ge=1, le=10**6)] = 600
    retries: Annotated[int, Field(ge=0, le=10**6)] = 3
    speed: Speed = 1.0
    volume_gb: VolumeGb | None = None
    every_s: Positive | None = None
