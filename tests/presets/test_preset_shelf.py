"""The presets as they stand on their shelf, and how they know a file by its headers."""

from pathlib import Path

import pytest

from kpicli.definitions.document import read_document
from kpicli.sources import presets as shelf
from kpicli.sources.declaration import Source
from kpicli.sources.presets import preset_named, preset_names, presets, recognised

FOLDER = Path(shelf.__file__).parent


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
        assert preset.exclude == () or all(preset.exclude)


@pytest.mark.parametrize("name", preset_names())
def test_what_a_preset_says_of_columns_it_says_of_its_own(name: str) -> None:
    preset = preset_named(name)
    keys = ("types", "values", "dates")
    told = [column for key in keys for column in preset.source.get(key, {})]
    assert set(told) <= set(preset.columns)
    Source.model_validate({"path": "export.csv", "preset": name})
