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
)
from infercost.schema.scenario.deployment import (
    PATTERNS,
    Asynchronous,
    BatchTransform,
    BedrockBatch,
    BedrockOnDemand,
    BedrockProvisioned,
    Deployment,
    RealTime,
    Serverless,
)
from infercost.schema.scenario.request import Request
from infercost.schema.scenario.run import Run
from infercost.schema.scenario.scaling import Policy, Scaling, StepScaling, TargetTracking
from infercost.schema.scenario.scenario import Scenario
from infercost.schema.scenario.service import (
    ConstantService,
    ExponentialService,
    GammaService,
    HyperexponentialService,
    LognormalService,
    Service,
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
    "InstanceAssumptions",
    "LognormalService",
    "PoissonTraffic",
    "Policy",
    "RatesTraffic",
    "RealTime",
    "RealTimeAssumptions",
    "RenewalTraffic",
    "Request",
    "Run",
    "Scaling",
    "Scenario",
    "Serverless",
    "ServerlessAssumptions",
    "Service",
    "StepScaling",
    "TargetTracking",
    "TraceService",
    "TraceTraffic",
    "TrafficSpec",
]
