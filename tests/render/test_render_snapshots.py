"""Every output of the run at Acme, as a reader gets it."""

import pytest
from acme import acme_outcome, calm_outcome

from kpicli.render.formats import FORMATS
from kpicli.render.options import Options

CHECK = Options(view="check")
CASES = [
    ("table", "table", Options()),
    ("table_plain", "table", Options(plain_signs=True)),
    ("table_colour", "table", Options(colour=True)),
    ("table_narrow", "table", Options(width=50)),
    ("table_roomy", "table", Options(width=120, parts=True)),
    ("table_wide", "table", Options(wide=True)),
    ("check", "table", CHECK),
    ("markdown", "markdown", Options()),
    ("check_markdown", "markdown", CHECK),
    ("junit", "junit", CHECK),
    ("github", "github", CHECK),
    ("line", "line", CHECK),
]


@pytest.mark.parametrize(("name", "word", "options"), CASES)
def test_an_output_reads_as_it_did(name, word, options, snapshot):
    snapshot(f"{name}.txt", FORMATS[word].render(acme_outcome(), options))


def test_a_calm_report_is_short(snapshot):
    snapshot("calm.txt", FORMATS["table"].render(calm_outcome(), Options()))
