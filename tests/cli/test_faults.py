"""A fault of ours: exit 70 and a file to send in, with nothing of the data in it."""

import json
import sys
from pathlib import Path

import polars as pl
import pytest
from workdir import Workdir

from kpicli.cli.faultfile import describe_fault, masked, write_fault

# The command as installed, with one function that breaks as no test of ours would know.
BROKEN = """\
import sys
import kpicli.flow
from kpicli.cli import main, outcome

def breaks(*_):
    rows = "anna@example.com"
    raise {error}

outcome.run = breaks
sys.argv = ["kpi", *{arguments!r}]
main.run()
"""


def broken(shop: Workdir, *arguments: str, error: str = "KeyError(rows)"):
    code = BROKEN.format(error=error, arguments=list(arguments))
    return shop.run([sys.executable, "-c", code])


def fault_file(shop: Workdir) -> str:
    found = [name for name in shop.files() if name.startswith("kpi-fault-")]
    assert len(found) == 1, found
    return (shop.path / found[0]).read_text()


def test_a_fault_writes_a_file_to_send_in(shop: Workdir) -> None:
    answer = broken(shop, "report", "--for", "region=north", "--where=amount > 3").exits(70)
    answer.says("a fault of kpi itself", "KeyError", "please send in kpi-fault-")
    assert answer.out == ""
    text = fault_file(shop)
    for part in ("kpicli 0.", "polars ", "python 3.", "command: kpi report --for *** --where=***",
                 "in breaks", "builtins.KeyError", "title: Shop"):  # fmt: skip
        assert part in text
    for part in ("anna", "region=north", "amount > 3", "2025-09-01", str(shop.path)):
        assert part not in text


def test_a_fault_is_told_in_json_too(shop: Workdir) -> None:
    answer = broken(shop, "report", "--format", "json").exits(70)
    assert [one["code"] for one in json.loads(answer.out)["problems"]] == ["fault"]


def test_what_is_no_exception_is_a_fault_as_well(shop: Workdir) -> None:
    broken(shop, "report", error="type('PanicException', (BaseException,), {})()").exits(70)


def test_what_the_system_refuses_is_no_fault(shop: Workdir) -> None:
    error = "OSError(28, 'No space left on device')"
    broken(shop, "report", error=error).exits(3).says("no space left on device")
    assert not [name for name in shop.files() if name.startswith("kpi-fault-")]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["report", "--for", "a=b"], ["report", "--for", "***"]),
        (["report", "--for=a=b", "x"], ["report", "--for=***", "x"]),
        (["check", "--where", "--for", "a=b"], ["check", "--where", "***", "***"]),
        (["report", "--by", "plan"], ["report", "--by", "plan"]),
    ],
)
def test_values_that_may_name_people_are_masked(arguments: list[str], expected: list[str]) -> None:
    assert masked(arguments) == expected


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


def test_messages_of_polars_stay_out() -> None:
    try:
        pl.DataFrame({"name": ["anna"]}).select(pl.col("name").cast(pl.Int64))
    except pl.exceptions.PolarsError as wrong:
        text = describe_fault(wrong, [])
    assert "polars.exceptions.InvalidOperationError" in text
    assert "anna" not in text.replace('["anna"]', "")


def test_what_led_to_it_is_told() -> None:
    wrong = raised(ValueError("b"))
    wrong.__cause__ = raised(KeyError("a"))
    text = describe_fault(wrong, [])
    assert text.index("builtins.KeyError") < text.index("which led to") < text.index("ValueError")


def test_our_own_messages_stay() -> None:
    assert "has no attribute 'x'" in describe_fault(
        AttributeError("'int' has no attribute 'x'"), []
    )


def test_addresses_in_definitions_are_masked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_text("owner: anna.b@example.com\n")
    for arguments in (["report", "-f", "own.yaml"], ["report", "--definitions=own.yaml"]):
        assert "owner: <address>" in describe_fault(ValueError(), arguments)


def test_where_the_folder_cannot_be_written_it_goes_to_the_temporary_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = write_fault(ValueError(), [])
    assert path is not None
    assert path.parent == tmp_path
