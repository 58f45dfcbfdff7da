"""A folder of definitions and exports, and the installed command run in it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from forked import run_forked

KPI = Path(sys.executable).with_name("kpi")

DEFINITIONS = """\
version: 1
title: Shop
timezone: Europe/Berlin
sources:
  orders:
    path: orders.csv
    time: day
  teams: {path: teams.csv, key: team}
segments:
  region: teams.region
kpis:
  revenue: {kind: sum, source: orders, of: amount, grain: week, target: 100, owner: Sales,
            if_red: Call them}
  paid: {kind: share, source: orders, count_if: state = 'paid', target: 50%}
  orders: {kind: count, source: orders, unit: count}
reports:
  weekly: {grain: week, periods: 3, kpis: [revenue, paid]}
"""

# Monday 1 September 2025 begins week 36: 40 + 50 = 90; week 37: 60 + 70 = 130; week 38: 80.
ORDERS = """\
day,team,state,amount
2025-09-01,red,paid,40
2025-09-07,blue,open,50
2025-09-08,red,paid,60
2025-09-14,blue,paid,70
2025-09-15,red,paid,30
2025-09-21,blue,open,50
"""

TEAMS = "team,region\nred,north\nblue,south\n"


@dataclass(frozen=True)
class Answer:
    """What a run of the command gave."""

    code: int
    out: str
    err: str
    raw: bytes = b""

    def exits(self, code: int) -> "Answer":
        """The same answer, where the exit code is this one; else everything is shown."""
        assert self.code == code, (
            f"exit {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"
        )
        assert "Traceback" not in self.out + self.err, self.err
        return self

    def says(self, *words: str) -> "Answer":
        """The same answer, where stderr has all these words."""
        for word in words:
            assert word in self.err, f"{word!r} not in\n{self.err}\n--- stdout\n{self.out}"
        return self

    def prints(self, *words: str) -> "Answer":
        """The same answer, where stdout has all these words."""
        for word in words:
            assert word in self.out, f"{word!r} not in\n{self.out}\n--- stderr\n{self.err}"
        return self


@dataclass(frozen=True)
class Workdir:
    """A folder that commands run in."""

    path: Path

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file, its folders included."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return target

    def change(self, name: str, old: str, new: str) -> None:
        """Change a text in a file where it stands once."""
        text = (self.path / name).read_text()
        assert text.count(old) == 1, (name, old)
        self.write(name, text.replace(old, new))

    def kpi(self, *arguments: str, env: Mapping[str, str] | None = None) -> Answer:
        """Run the command: by its name where the environment is one of its own."""
        if env or os.name == "nt":
            return self.run([str(KPI), *arguments], env)
        with TemporaryDirectory() as beside:
            streams = Path(beside, "out"), Path(beside, "err")
            code = run_forked(list(arguments), self.path, environment(), streams)
            raw, err = (stream.read_bytes() for stream in streams)
        return Answer(code, raw.decode(errors="replace"), err.decode(errors="replace"), raw)

    def shell(self, line: str, env: Mapping[str, str] | None = None) -> Answer:
        """Run a line of bash in which `kpi` is the command; a pipe fails with its first part."""
        return self.run(["bash", "-o", "pipefail", "-c", line], env)

    def run(self, command: list[str], env: Mapping[str, str] | None = None) -> Answer:
        """Run anything in the folder."""
        done = subprocess.run(
            command, cwd=self.path, env=environment(env), capture_output=True, check=False
        )
        out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        return Answer(done.returncode, out, err, done.stdout)

    def files(self) -> set[str]:
        """All files, seen from the folder."""
        return {str(one.relative_to(self.path)) for one in self.path.rglob("*") if one.is_file()}


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a run: the command's folder first, nothing that changes its output."""
    unset = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "GITHUB_STEP_SUMMARY", "PYTHONIOENCODING")
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    path = f"{KPI.parent}{os.pathsep}{kept.get('PATH', '')}"
    return kept | {"PATH": path, "PYTHONUTF8": "1"} | dict(more or {})
