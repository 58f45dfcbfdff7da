"""In which currencies the amounts of a table are."""

from collections.abc import Sequence
from dataclasses import replace

from kpicli.discovery.drafts import Draft
from kpicli.discovery.wordings import currency_code, currency_in_header
from kpicli.words.vocabulary import word_type

_RATES = "rates"


def currencies_of(draft: Draft) -> dict[str, int]:
    """How many rows speak of each currency, by a column, by signs in cells, by headers."""
    found: dict[str, int] = {}
    column = draft.column("currency")
    if column is not None:
        for word, rows in column.words.iter_rows():
            if code := currency_code(word):
                found[code] = found.get(code, 0) + rows
        return found
    for one in draft.columns:
        if one.kind not in ("money", "number"):
            continue
        codes = [currency_code(sign) for sign in one.signs]
        for code in (*codes, currency_in_header(one.header)):
            if code:
                found[code] = found.get(code, 0) + one.filled
    return found


def has_money(draft: Draft) -> bool:
    """Whether amounts stand in a table."""
    kinds = draft.told.get("types", {})
    money = any(kinds.get(name) == "money" for name in kinds)
    return money or any(word_type(draft.ours(one)) == "money" for one in draft.columns)


def count_currencies(drafts: Sequence[Draft]) -> dict[str, int]:
    """How many rows of all tables speak of each currency.

    What has a rate is converted into the project's, which has none.
    """
    counted: dict[str, int] = {}
    for draft in drafts:
        for code, rows in currencies_of(draft).items() if draft.name != _RATES else ():
            counted[code] = counted.get(code, 0) + rows
    rated = {code for one in drafts if one.name == _RATES for code in currencies_of(one)}
    return {code: rows for code, rows in counted.items() if code not in rated} or counted


def with_currency(draft: Draft, project: str) -> Draft:
    """The source with the one currency of its amounts, where that is not the project's."""
    codes = currencies_of(draft)
    own = next(iter(codes), project)
    if draft.preset or draft.column("currency") is not None or len(codes) != 1 or own == project:
        return draft
    return replace(draft, keys={**draft.keys, "currency": own})


def with_rates(draft: Draft, drafts: Sequence[Draft]) -> Draft:
    """The source with rates of its currencies, where it has several and a file of rates is there.

    They are those of the day on which its rows began: an open deal has no other.
    """
    dated = draft.told.get("start") or draft.told.get("time")
    rates = any(one.name == _RATES and not one.unsettled for one in drafts)
    if not rates or draft.name == _RATES or dated is None or draft.column("currency") is None:
        return draft
    if len(currencies_of(draft)) < 2:
        return draft
    keys = {"currency_column": "currency", "rates": {"source": _RATES, "on": dated}}
    return replace(draft, keys={**draft.keys, **keys})
