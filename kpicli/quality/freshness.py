"""How old the newest row of a source may be."""

from collections.abc import Mapping
from typing import Any

from kpicli.quality import base
from kpicli.quality.written import WrittenRule
from kpicli.sources.declaration import Freshness

IN_REPORTS, BY_ROW, WITH_COPIES, DATED = True, True, False, True
wanted, others, marks, judged = base.no_columns, base.no_others, base.no_marks, None


class Written(WrittenRule):
    """How old the newest row may be: the source's own key freshness, as a rule."""

    freshness: Freshness


def keys(written: Written) -> Mapping[str, Any]:
    """The source's key of that name."""
    return {"freshness": written.freshness}
