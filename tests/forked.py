"""A process that has loaded the program, and forks for every command that a test runs.

What a command does is the same, its own process, folder and streams included; only the loading
is done once. How the program starts is for the tests that run it by its name.
"""

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _loaded() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONUTF8": "1"},
        text=True,
    )


def run_forked(
    arguments: list[str], cwd: Path, env: Mapping[str, str], streams: tuple[Path, Path]
) -> int:
    """The exit code of a command line, which has written to the two files."""
    server = _loaded()
    asked = {"arguments": arguments, "cwd": str(cwd), "env": dict(env)}
    asked["streams"] = [str(one) for one in streams]
    assert server.stdin and server.stdout
    server.stdin.write(json.dumps(asked) + "\n")
    server.stdin.flush()
    return int(server.stdout.readline())


def _serve() -> None:
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _answer(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201


def _answer(asked: dict[str, Any]) -> None:
    """Run one command in this process, which ends with it."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    streams = [os.open(one, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for one in asked["streams"]]
    for number, stream in enumerate((nothing, *streams)):
        os.dup2(stream, number)
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    sys.argv[:] = ["kpi", *asked["arguments"]]
    code: Any = 1
    try:
        importlib.import_module("kpicli.cli.main").run()
    except SystemExit as ended:
        code = ended.code or 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    program = importlib.import_module("kpicli")
    for found in pkgutil.walk_packages(program.__path__, "kpicli."):
        importlib.import_module(found.name)
    _serve()
