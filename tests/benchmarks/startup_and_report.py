"""Print how long the command takes: `python tests/benchmarks/startup_and_report.py`.

Whole processes, run in turn so that a drift of the machine meets all of them; medians of five.
No test asserts a time.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
KPI = (str(Path(sys.executable).with_name("kpi")),)
COMMANDS = {
    "import polars": (sys.executable, "-c", "import polars"),
    "kpi --help": (*KPI, "--help"),
    "kpi --version": (*KPI, "--version"),
    "kpi report": (*KPI, "report"),
    "kpi report all": (*KPI, "report", "all"),
    "kpi check": (*KPI, "check"),
}
RUNS = 5


def main() -> None:
    """Time every command and print a line for each, with its ratio to importing polars."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for run in range(RUNS + 1):
        for name, command in COMMANDS.items():
            seconds = _timed(command)
            if run:
                times[name].append(seconds)
    base = statistics.median(times["import polars"])
    for name, seconds_of in times.items():
        median = statistics.median(seconds_of)
        low, high = min(seconds_of), max(seconds_of)
        print(f"{name:16} {median:6.2f} s  {median / base:5.2f} ×  ({low:.2f}–{high:.2f})")


def _timed(command: tuple[str, ...]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
