"""kpi schema, and the file in the package that editors read."""

import json
from importlib.resources import files

from workdir import Workdir

from kpicli.kinds import kind_names


def test_it_is_the_file_that_the_sample_names(shop: Workdir) -> None:
    out = shop.kpi("schema").exits(0).out
    shipped = files("kpicli.definitions").joinpath("kpi.schema.json").read_text(encoding="utf-8")
    assert out == shipped, "run `kpi schema > kpicli/definitions/kpi.schema.json`"


def test_every_kind_has_a_form(shop: Workdir) -> None:
    document = json.loads(shop.kpi("schema").exits(0).out)
    forms = document["properties"]["kpis"]["additionalProperties"]["anyOf"]
    names = {form["$ref"].rpartition("/kpi_")[2] for form in forms}
    assert names == {*kind_names(), "use"}
