"""Amounts in cents: whole numbers in tables of a product that has no others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from kpicli.discovery.columns import Column, without_nulls
from kpicli.discovery.drafts import Draft
from kpicli.engine.looks import TEXT

# Identifiers of Stripe's: its API and every copy of it in a warehouse have amounts in cents.
_STRIPE_ID = (
    r"^(ch|sub|si|txn|re|in|ii|il|cus|price|prod|pi|po|py|pm)_[A-Za-z0-9]*[0-9][A-Za-z0-9]*$"
)
# Headers that hold an amount wherever the product has one.
_AMOUNTS = re.compile(
    r"(^|_)(amount|fee|net|total|subtotal|tax|price|balance|mrr|arr|refunded|revenue|value)(_|$)"
)
_NO_AMOUNTS = re.compile(r"(^|_)(percent|rate|count|id|quantity|gte)(_|$)")
# Amounts of the product that may have parts of a cent.
_PARTS = re.compile("decimal|excluding_tax")
_WHOLE = r"^[+-]?\d+$"


def with_cents(draft: Draft, drafts: Sequence[Draft]) -> Draft:
    """The source with its whole amounts as cents, where it is one of a product's that has them."""
    fallback = with_cents(draft.fallback, drafts) if draft.fallback else None
    reason = None if draft.preset else _reason(draft, drafts)
    names = _whole_amounts(draft) if reason else ()
    if not names:
        return replace(draft, fallback=fallback)
    types: Mapping[str, str] = {**draft.keys.get("types", {}), **dict.fromkeys(names, "cents")}
    told = f"{', '.join(names)} in cents, a guess: whole numbers {reason}"
    return replace(
        draft,
        keys=_before_writing({**draft.keys, "types": types}),
        guesses=(*draft.guesses, told),
        fallback=fallback,
    )


def _before_writing(keys: Mapping[str, object]) -> dict[str, object]:
    """The keys in the order in which they are written: types stand before how cells are."""
    late = ("dates", "decimal", "thousands", "nulls")
    first = {key: told for key, told in keys.items() if key not in late}
    return {**first, **{key: told for key, told in keys.items() if key in late}}


def _reason(draft: Draft, drafts: Sequence[Draft]) -> str | None:
    """By what a table is one of the product's; None where nothing says so."""
    if found := _identified(draft):
        return f"beside Stripe's ids ({found})"
    if not any(_is_alike(one) for one in draft.columns):
        return None
    folder = draft.group.files[0].parent
    beside = [one for one in drafts if one is not draft and one.group.files[0].parent == folder]
    near = next((one for one in beside if _identified(one) or _has_cents(one)), None)
    return f"as {near.group.files[0].name} has them" if near else None


def _identified(draft: Draft) -> str | None:
    """The column of Stripe's identifiers, and the first of them."""
    for column in draft.columns:
        texts = without_nulls(column.texts) if column.kind == "text" else column.texts.head(0)
        if not texts.is_empty() and bool(texts.str.contains(_STRIPE_ID).all()):
            return f"{column.header} {texts[0].partition('_')[0]}_…"
    return None


def _has_cents(draft: Draft) -> bool:
    return bool(draft.preset) and "cents" in draft.told.get("types", {}).values()


def _is_alike(column: Column) -> bool:
    """Whether a column looks like the product's: its mode, or currencies in small letters."""
    if column.name == "livemode":
        return True
    texts = without_nulls(column.texts)
    small = texts.str.contains("^[a-z]{3}$")
    return column.name == "currency" and not texts.is_empty() and bool(small.all())


def _whole_amounts(draft: Draft) -> tuple[str, ...]:
    """Our names of the amounts; none where one of them has decimals: then they are no cents."""
    amounts = [one for one in draft.columns if _is_amount(draft, one)]
    whole = all(_is_whole(one) for one in amounts if not _PARTS.search(one.name))
    return tuple(draft.ours(one) for one in amounts) if whole else ()


def _is_amount(draft: Draft, column: Column) -> bool:
    if column.empty or column.kind not in ("number", "money") or column.dates:
        return False
    named = draft.ours(column) == "amount" or _AMOUNTS.search(column.name)
    return bool(named) and not _NO_AMOUNTS.search(column.name)


def _is_whole(column: Column) -> bool:
    texts = without_nulls(column.texts).to_frame(TEXT)
    return bool(texts.select(pl.col(TEXT).str.strip_chars().str.contains(_WHOLE).all()).item())
