"""The presets as they stand on their shelf, and how they know a file by its headers."""

from pathlib import Path

import pytest

from kpicli.definitions.document import read_document
from kpicli.sources import presets as shelf
from kpicli.sources.presets import preset_named, preset_names, presets, recognised

FOLDER = Path(shelf.__file__).parent

# Header rows that were seen in real files, and the preset that knows them.
HEADERS = {
    "mailchimp_campaigns": (
        'Title,Subject,List,"Send Date","Send Weekday","Total Recipients","Successful Deliveries",'
        '"Soft Bounces","Hard Bounces","Total Bounces","Times Forwarded","Forwarded Opens",'
        '"Unique Opens","Open Rate","Total Opens","Unique Clicks","Click Rate","Total Clicks",'
        'Unsubscribes,"Abuse Complaints","Times Liked on Facebook","Folder Id","Unique Id",'
        '"Total Orders","Total Gross Sales","Total Revenue"',
    ),
    "hubspot_deals": (
        "Record ID,Deal Name,Amount,Deal Stage,Close Date,Deal Owner,Company Name,Pipeline,"
        "Create Date",
        "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Last Activity Date",
    ),
}


def _headers(line: str) -> list[str]:
    return [one.strip('"') for one in line.split(",")]


@pytest.mark.parametrize(
    ("name", "line"), [(name, line) for name, lines in HEADERS.items() for line in lines]
)
def test_a_preset_is_recognised_by_headers_that_were_seen(name: str, line: str) -> None:
    assert recognised(_headers(line))[0].preset.name == name


def test_strange_headers_are_no_export_that_is_known() -> None:
    assert recognised(["day", "shop", "takings"]) == ()


def test_what_is_recognised_says_which_header_is_which_column() -> None:
    (fit,) = recognised(["record id", "Deal name", "DEAL STAGE", "Deal owner"])
    assert fit.columns == {
        "deal_id": "record id",
        "name": "Deal name",
        "stage": "DEAL STAGE",
        "is_won": "DEAL STAGE",
        "is_closed": "DEAL STAGE",
        "owner_id": "Deal owner",
    }


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_reads_the_same_as_a_definitions_file(name: str) -> None:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    document, problems = read_document(text, f"{name}.yaml")
    assert problems == ()
    assert document is not None
    assert document.value["source"] == preset_named(name).source


def test_every_preset_says_what_it_is() -> None:
    for preset in presets():
        assert preset.title
        assert preset.about.endswith(".")
        assert all(preset.recognise)
