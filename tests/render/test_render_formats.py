"""The shelf of formats."""

import pytest

from kpicli.render.formats import FORMATS, format_of_path, formats_for


def test_the_contracts_words_are_all_there():
    assert formats_for("report") == ("csv", "html", "json", "markdown", "table")
    assert set(formats_for("check")) - set(formats_for("report")) == {"github", "junit", "line"}


@pytest.mark.parametrize(
    ("path", "name"),
    [("out/latest.json", "json"), ("a.HTML", "html"), ("a.md", "markdown"), ("a.xml", "junit"),
     ("a.txt", "table"), ("weekly.csv", "csv")],
)  # fmt: skip
def test_a_files_ending_names_its_format(path, name):
    assert format_of_path(path) is FORMATS[name]


def test_an_ending_nobody_knows_is_no_format():
    assert format_of_path("report.pdf") is None
    assert format_of_path("report") is None
