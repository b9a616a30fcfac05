"""Coverage-guided fuzzing of one target: `python -m fuzz.run csv --seconds 60`, with `tests` on the path.

New inputs that reach new code are kept beside the corpus for the time of the run only; what breaks a target is written
into its corpus, where every later test run replays it.
"""

import argparse
import contextlib
import io
import sys
import tempfile
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
_SECONDS_EACH = 20  # an input that takes longer is a hang
_MEGABYTES = 2_048


def main() -> None:
    """Fuzzes until the time is over or something breaks; exits 0 or as libFuzzer does."""
    arguments = argparse.ArgumentParser(prog="fuzz.run", description=__doc__)
    arguments.add_argument("target")
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    try:
        import atheris  # noqa: PLC0415 -- only here, and only where there is one
    except ImportError:
        print("atheris is not installed: nothing is fuzzed. The corpus is replayed by `pytest tests/fuzz`")  # noqa: T201
        return
    # it names every module that it instruments
    with contextlib.redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["infercost"]):
        from fuzz.targets import TARGETS  # noqa: PLC0415 -- instrumented while it is imported
    if given.target not in TARGETS:
        arguments.error(f"no target {given.target}: there are {', '.join(TARGETS)}")
    corpus = CORPUS / given.target
    with tempfile.TemporaryDirectory() as found:
        atheris.Setup(
            [
                sys.argv[0],
                *(f"-seed={given.seed}", f"-max_total_time={given.seconds}", f"-timeout={_SECONDS_EACH}"),
                *(f"-rss_limit_mb={_MEGABYTES}", "-max_len=4096", f"-dict={CORPUS / 'words.dict'}", "-verbosity=0"),
                *(f"-artifact_prefix={corpus}/", "-print_final_stats=1", found, str(corpus)),
            ],
            TARGETS[given.target],
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
