"""Small scenarios to run."""

from pathlib import Path

HEAD = """
name = "fraud"
[traffic]
kind = "poisson"
rate_per_s = 2
duration_s = 3600
[service]
kind = "exponential"
mean_ms = 200
[slo]
p99_ms = 5000
"""
REAL_TIME = """
[[deployment]]
id = "now"
region = "{region}"
pattern = "real-time"
instance_type = "ml.m5.xlarge"
"""
SERVERLESS = """
[[deployment]]
id = "serverless"
region = "us-east-1"
pattern = "serverless"
memory_mb = {memory_mb}
max_concurrency = 20
"""


def scenario(folder: Path, *deployments: str, head: str = HEAD) -> Path:
    path = folder / "scenario.toml"
    path.write_text(head + "".join(deployments))
    return path
