"""In which currencies the amounts of a table are."""

from kpicli.discovery.drafts import Draft
from kpicli.discovery.wordings import currency_code, currency_in_header
from kpicli.words.vocabulary import word_type


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
    kinds = draft.keys.get("types", {})
    money = any(kinds.get(name) == "money" for name in kinds)
    return money or any(word_type(draft.ours(one)) == "money" for one in draft.columns)
