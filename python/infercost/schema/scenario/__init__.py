"""A scenario: traffic, the work of a request, and one or many deployments to compare on the same requests.

Key names, units and defaults are the contract that `infercost schema scenario` prints. Rules in brackets.
"""

from infercost.schema.scenario.assumptions import (
    Assumptions,
    AsyncAssumptions,
    AutoscalingAssumptions,
    BatchHours,
    BatchTransformAssumptions,
    BedrockAssumptions,
    ColdStart,
    InstanceAssumptions,
    RealTimeAssumptions,
    ServerlessAssumptions,
    Setup,
)
from infercost.schema.scenario.deployment import (
    PATTERNS,
    Asynchronous,
    BatchTransform,
    BedrockBatch,
    BedrockOnDemand,
    BedrockProvisioned,
    Deployment,
    Pool,
    RealTime,
    Serverless,
    Variant,
    scalings,
)
from infercost.schema.scenario.model import Model
from infercost.schema.scenario.request import Popularity, Request, SharesPopularity, UniformPopularity, ZipfPopularity
from infercost.schema.scenario.run import Run
from infercost.schema.scenario.scaling import Ideal, Policy, Scaling, Scheduled, Step, StepScaling, TargetTracking
from infercost.schema.scenario.scenario import Scenario
from infercost.schema.scenario.service import (
    ConstantService,
    ExponentialService,
    GammaService,
    HyperexponentialService,
    LognormalService,
    Service,
    Streaming,
    TraceService,
)
from infercost.schema.scenario.slo import SLO
from infercost.schema.scenario.traffic import PoissonTraffic, RatesTraffic, RenewalTraffic, TraceTraffic, TrafficSpec

__all__ = [
    "PATTERNS",
    "SLO",
    "Assumptions",
    "AsyncAssumptions",
    "Asynchronous",
    "AutoscalingAssumptions",
    "BatchHours",
    "BatchTransform",
    "BatchTransformAssumptions",
    "BedrockAssumptions",
    "BedrockBatch",
    "BedrockOnDemand",
    "BedrockProvisioned",
    "ColdStart",
    "ConstantService",
    "Deployment",
    "ExponentialService",
    "GammaService",
    "HyperexponentialService",
    "Ideal",
    "InstanceAssumptions",
    "LognormalService",
    "Model",
    "PoissonTraffic",
    "Policy",
    "Pool",
    "Popularity",
    "RatesTraffic",
    "RealTime",
    "RealTimeAssumptions",
    "RenewalTraffic",
    "Request",
    "Run",
    "Scaling",
    "Scenario",
    "Scheduled",
    "Serverless",
    "ServerlessAssumptions",
    "Service",
    "Setup",
    "SharesPopularity",
    "Step",
    "StepScaling",
    "Streaming",
    "TargetTracking",
    "TraceService",
    "TraceTraffic",
    "TrafficSpec",
    "UniformPopularity",
    "Variant",
    "ZipfPopularity",
    "scalings",
]
