"""Compare `kpi report` over 40 million events with ten DuckDB queries written by hand.

`python tests/benchmarks/report_over_many_events.py [FOLDER] [EVENTS] [RUNS]`. Whole processes in
turn: a cold report, one that has seen all but the last week, and all ten queries. Every number is
compared; seconds by the clock and of the processor, their ratios and the peak memory are printed.
Where others use the machine, too, the processor's say more. No test asserts a time.
"""

import json
import os
import shutil
import statistics
import sys
import time
from math import isclose
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import duckdb
from many_events import EVENTS, write_events

HERE = Path(__file__).parent
KPI = (sys.executable, "-c", "from kpicli.cli.main import run; run()")
Cells = dict[tuple[str, str, str], float]
# Seconds by the clock and of the processor, and peak megabytes, of whole processes.
Times = dict[str, list[tuple[float, float, float]]]
SETUP = """
    create view events as select * from '{folder}/events/*.parquet';
    create table users as select * from '{folder}/users.csv';
    create table weeks as
        select day::date as w
        from range(date '2025-06-23', date '2025-09-22', interval 7 day) t(day);
"""


def main(folder: Path, events: int, runs: int) -> None:
    """Write the events where they are not there yet, compare the numbers, print the times."""
    write_events(folder, events)
    shutil.copy(HERE / "usage.yaml", folder / "kpi_definitions.yaml")
    with TemporaryDirectory(dir=folder) as name:
        made = Path(name)
        known = _kept_until_last_week(folder, made)
        times: Times = {}
        for _ in range(runs):
            shutil.rmtree(made / "cache", ignore_errors=True)
            shutil.copytree(known, made / "cache")
            for told, command in _commands(folder, made).items():
                times.setdefault(told, []).append(_timed(command, made))
        ours = _ours(made / "cold.json")
        assert ours == _ours(made / "new week.json"), "the cache changes a number"
        _compare(ours, _theirs(made / "duckdb.json"))
    _print(times, len(ours))


def _commands(folder: Path, made: Path) -> dict[str, tuple[str, ...]]:
    definitions = ("-f", str(folder / "kpi_definitions.yaml"))
    report = (*KPI, "report", "usage", *definitions)
    return {
        "cold": (*report, "--no-cache", "-o", str(made / "cold.json")),
        "new week": (*report, "-o", str(made / "new week.json")),
        "duckdb": (sys.executable, __file__, "queries", str(folder), str(made / "duckdb.json")),
    }


def _kept_until_last_week(folder: Path, made: Path) -> Path:
    """The cache of a report that was made before the last file came."""
    before, cache = made / "before", made / "known"
    (before / "events").mkdir(parents=True)
    for path in sorted((folder / "events").iterdir())[:-1]:
        (before / "events" / path.name).symlink_to(path.resolve())
    for name in ("users.csv", "accounts.csv", "kpi_definitions.yaml"):
        shutil.copy(folder / name, before / name)
    command = (*KPI, "report", "usage", "-f", str(before / "kpi_definitions.yaml"))
    _timed(command, made, cache)
    return cache


def _timed(
    command: tuple[str, ...], made: Path, cache: Path | None = None
) -> tuple[float, float, float]:
    """Seconds by the clock and of the processor, and peak megabytes, of a whole process."""
    started = time.perf_counter()
    environment = {**os.environ, "KPI_CACHE_DIR": str(cache or made / "cache")}
    with (made / "output").open("w") as output:
        file = output.fileno()
        redirected = [(os.POSIX_SPAWN_DUP2, file, 1)]
        child = os.posix_spawn(command[0], command, environment, file_actions=redirected)
        _, status, used = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command)} failed")
    computed = used.ru_utime + used.ru_stime
    return time.perf_counter() - started, computed, used.ru_maxrss / 1024


def run_queries(folder: Path, target: Path) -> None:
    """The ten queries, in one process."""
    db = duckdb.connect()
    db.execute(SETUP.format(folder=folder))
    texts = (HERE / "usage.sql").read_text(encoding="utf-8").split("\n-- ")[2:]
    found = {}
    for text in texts:
        name, _, query = text.partition("\n")
        rows = db.execute(query).fetchall()
        found[name.strip()] = [[str(week), *rest] for week, *rest in rows]
    target.write_text(json.dumps(found), encoding="utf-8")


def _theirs(path: Path) -> Cells:
    return {
        (kpi, week, plan or region or ""): value
        for kpi, rows in json.loads(path.read_text(encoding="utf-8")).items()
        for week, plan, region, value in rows
    }


def _ours(path: Path) -> Cells:
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    return {
        (one["kpi"], one["start"], "".join(one["by"].values())): one["value"]
        for one in results
        if one["part"] is None and one.get("age") is None and one["value"] is not None
    }


def _compare(ours: Cells, theirs: Cells) -> None:
    assert ours.keys() == theirs.keys(), sorted(ours.keys() ^ theirs.keys())[:10]
    wrong = {cell: (ours[cell], theirs[cell]) for cell in ours
             if not isclose(ours[cell], theirs[cell], rel_tol=1e-12)}  # fmt: skip
    assert not wrong, dict(list(wrong.items())[:10])


def _print(times: Times, cells: int) -> None:
    print(f"{cells:,} numbers of ten KPIs, all equal")
    base = [statistics.median(found) for found in tuple(zip(*times["duckdb"], strict=True))[:2]]
    for told, runs in times.items():
        seconds, computed, peaks = zip(*runs, strict=True)
        clock, processor = statistics.median(seconds), statistics.median(computed)
        span = f"{min(seconds):.2f}–{max(seconds):.2f}"
        print(
            f"{told:10} {clock:6.2f} s  {clock / base[0]:5.2f} ×  ({span})   "
            f"processor {processor:6.2f} s  {processor / base[1]:5.2f} ×  {max(peaks):5.0f} MB"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["queries"]:
        run_queries(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        asked = [*sys.argv[1:], *[""] * 3]
        main(
            Path(asked[0] or Path(gettempdir()) / "kpi-many-events"),
            int(asked[1] or EVENTS),
            int(asked[2] or 5),
        )
