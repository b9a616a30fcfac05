"""Ctrl-C ends a long run."""

import os
import signal
import subprocess
import sys
import time

LONG = """
from infercost.engine import simulate
from infercost.schema.scenario import Scenario

scenario = Scenario.parse(
    {
        "traffic": {"kind": "poisson", "rate_per_s": 10000, "duration_s": 10000000},
        "service": {"kind": "exponential", "mean_ms": 0.05},
        "deployment": [
            {"id": "it", "region": "us-east-1", "pattern": "real-time", "instance_type": "ml.m5.xlarge"}
        ],
        "run": {"max_requests": 1000000000000},
    },
    "long",
)
print("running", flush=True)
try:
    simulate(scenario, threads=1)
except KeyboardInterrupt:
    raise SystemExit(130) from None
"""


def test_ctrl_c_ends_a_long_run() -> None:
    with subprocess.Popen([sys.executable, "-c", LONG], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"running\n"
            time.sleep(0.5)
            assert process.poll() is None, "the run was not long enough to be interrupted"
            os.kill(process.pid, signal.SIGINT)
            assert process.wait(timeout=10) == 130
        finally:
            process.kill()
