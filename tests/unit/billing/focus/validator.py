"""The official focus-validator 2.2.1, in a Python 3.12 of its own: it pins libraries that this project does not use.

The environment is made once, outside of the tree, under XDG_CACHE_HOME, and takes about half a minute and a network.
`INFERCOST_PYTHON312` names the interpreter; else `python3.12` is looked for, among pyenv's too. Without one, or without
a network, the test is skipped and says so; with `INFERCOST_REQUIRE_FOCUS_VALIDATOR=1` it fails.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

# The last version, what it needs and does not say (pyarrow: newer ones want another numpy), and its own libraries as
# they were when this was written.
REQUIREMENTS = (
    *("focus-validator==2.2.1", "pyarrow==20.0.0", "numpy==1.26.4", "pandas==2.3.3", "pandera==0.26.1"),
    *("polars==1.44.2", "duckdb==1.5.6", "sqlglot==27.29.0", "multimethod==2.0.2", "pydantic==2.14.3"),
)
_RULES = "focus_validator/rules"


class Absent(Exception):  # noqa: N818 -- no error: a reason to skip
    """There is no validator here, and why."""


def failed_rules(validator: Path, files: Mapping[str, Path], folder: Path) -> dict[str, set[str]]:
    """Runs the validator on Parquet files, side by side, with every rule that it has for a provider like AWS.

    Returns:
        For each file the rules that failed, without those that only sum up others.
    """
    _put_currencies_where_they_are_looked_for(validator, folder)
    running = {name: _start(validator, file, folder / f"{name}.xml") for name, file in files.items()}
    for name, process in running.items():
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0, f"{name}: {output[-2000:]}"
    return {name: set(_read(folder / f"{name}.xml")) for name in files}


def _start(validator: Path, file: Path, report: Path) -> subprocess.Popen[str]:
    options = {
        "--data-file": file,
        "--validate-version": "1.2.0.1",
        "--focus-dataset": "CostAndUsage",
        "--output-type": "unittest",
        "--output-destination": report,
        "--applicability-criteria": "ALL",
    }
    arguments = [str(part) for option in options.items() for part in option]
    return subprocess.Popen(
        [validator, "-m", "focus_validator.main", *arguments, "--block-download"],
        cwd=report.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _read(report: Path) -> Iterator[str]:
    """The exit status is 0 whatever fails, so the report has to say it; it also says how much was looked at."""
    cases = list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314 -- the validator's own
    checked = [case for case in cases if case.find("skipped") is None]
    assert len(cases) == 578
    assert len(checked) == 368
    for case in checked:
        rule, _, kind = str(case.get("name")).partition(" :: ")
        if kind != "Composite" and (case.find("failure") is not None or case.find("error") is not None):
            yield rule


def _put_currencies_where_they_are_looked_for(validator: Path, folder: Path) -> None:
    """The validator looks for its list of currencies under the working directory."""
    (place,) = (validator.parents[1] / "lib").glob(f"python3.12/site-packages/{_RULES}/currency_codes.csv")
    (folder / _RULES).mkdir(parents=True)
    shutil.copy(place, folder / _RULES)


def environment() -> Path:
    """Returns the interpreter of the environment, which is made if it is not there.

    Raises:
        Absent: there is no Python 3.12, or no network.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "infercost-tests" / "focus-validator-2.2.1"
    python, whole = folder / "bin/python", folder / "requirements.txt"
    wanted = "\n".join(REQUIREMENTS)
    if whole.is_file() and whole.read_text() == wanted and python.exists():
        return python
    _run([_python_3_12(), "-m", "venv", "--clear", str(folder)])
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "15"]
    _run([str(python), *pip, *REQUIREMENTS])
    whole.write_text(wanted)
    return python


def _python_3_12() -> str:
    named = os.environ.get("INFERCOST_PYTHON312")
    candidates = [named] if named else [sys.executable, shutil.which("python3.12"), *_of_pyenv()]
    for candidate in filter(None, candidates):
        answer = subprocess.run(
            [candidate, "-c", "import sys, venv, ensurepip; print(sys.version_info[:2] == (3, 12))"],
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.stdout.strip() == "True":
            return candidate
    raise Absent("no Python 3.12 found; set INFERCOST_PYTHON312")


def _of_pyenv() -> list[str]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return [str(python) for python in sorted(root.glob("versions/3.12*/bin/python3.12"))]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        raise Absent(f"{' '.join(command[:4])}: {done.stderr.strip()[-300:]}")
