"""A source as it would be written: its keys, and why each of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kpicli.discovery.columns import Column, named, without_nulls
from kpicli.discovery.contract import types_of, writing_of
from kpicli.discovery.folder import Group
from kpicli.discovery.placing import Match, Placement
from kpicli.discovery.width import writable_columns
from kpicli.discovery.wordings import (
    interval_of_amount,
    interval_words,
    lost_words,
    won_words,
)
from kpicli.engine.looks import Look
from kpicli.sources.beneath import laid_beneath
from kpicli.sources.numbers import NumberStyle
from kpicli.sources.presets import Fit, Preset, preset_named
from kpicli.words.vocabulary import word_type

_EXPECTED = re.compile(
    r"expected|available|planned|renew|due|target|birth|valid|next|updated|modified|until"
)
# When a row was copied says nothing of when it happened.
_LOADED = re.compile(
    r"^_*(fivetran|airbyte|sdc|dbt|stitch|rivery|hevo|etl|dlt)_|^_.*(synced|loaded|inserted|batched"
    r"|extracted|ingested)(_at)?$|^(synced|loaded|extracted|ingested|last_synced)_(at|on)$|^uuid_ts$"
)
_CREATED = re.compile(r"^(created|creation)(_(at|on|date|time))?$|^(date|time)_created$")
_START = re.compile(r"(^|_)(start|started|begin|began|from|opened|created|signup|signed)(_|$)")
_END = re.compile(r"(^|_)(end|ended|finish|finished|to|closed|resolved|completed)(_|$)")
# So many headers of a wide table are compared.
_LOOKED = 250
# A column of few different words is more likely a state than a name.
_FEW_WORDS = 60
# Days by which a table without a part may go on after the others.
_LATER = 31


@dataclass(frozen=True)
class Draft:
    """A table on its way into the definitions.

    keys are those of the source, in the order in which they are written; headers tell what the file
    calls our columns. why says of a column of ours by what it was found. unsettled: date columns
    that two patterns read, which keep the source from being used. interval: how often the amount is
    paid, where its header says so. guesses: what somebody should look at. fallback: the source
    without its preset.
    """

    name: str
    group: Group
    look: Look
    columns: tuple[Column, ...]
    style: NumberStyle
    placement: Placement | None
    keys: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    unsettled: tuple[Column, ...] = ()
    interval: str | None = None
    dropped: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    fallback: "Draft | None" = None

    @property
    def preset(self) -> Preset | None:
        """The preset that says what the keys do not."""
        return preset_named(self.keys["preset"]) if "preset" in self.keys else None

    @property
    def told(self) -> Mapping[str, Any]:
        """The keys with those of the preset beneath them."""
        return laid_beneath(self.keys, self.preset) if self.preset else self.keys

    def ours(self, column: Column) -> str:
        """Our name of a column."""
        found = (name for name, header in self.headers.items() if header == column.header)
        return next(found, column.name)

    def column(self, ours: str | None) -> Column | None:
        """The column that has this name in the definitions."""
        if ours is None:
            return None
        header = self.headers.get(ours)
        if header is not None:
            return next((one for one in self.columns if one.header == header), None)
        return named(self.columns, ours)

    @property
    def span(self) -> tuple[date, date] | None:
        """The first and the last day of what happened."""
        column = self.column(self.told.get("time") or self.told.get("start"))
        return column.span if column else None

    def without(self, reason: str, *keys: str) -> "Draft":
        """The same source without some of its keys."""
        kept = {key: told for key, told in self.keys.items() if key not in keys}
        return replace(self, keys=kept, dropped=(*self.dropped, reason))


def draft_of(
    name: str,
    group: Group,
    look: Look,
    columns: Sequence[Column],
    style: NumberStyle,
    placement: Placement | None,
    path: Sequence[str],
) -> Draft:
    """The source of a table, all of it guessed from its columns."""
    matches = _kept(placement.matches if placement else ())
    columns, guesses = writable_columns(columns, matches)
    keys: dict[str, Any] = {"path": path[0] if len(path) == 1 else list(path)}
    keys |= _layout(group)
    keys |= _of_role(placement, matches) if placement else _of_nobody(columns, group.stem)
    mapped = {one.ours: one.column.header for one in matches if one.ours != one.column.name}
    values = dict[str, Mapping[str, Any]]()
    if placement:
        mapped, values = _with_meanings(placement, matches, mapped)
    if mapped:
        keys["columns"] = mapped
    if values:
        keys["values"] = values
    if types := types_of(columns, mapped, placement):
        keys["types"] = types
    keys |= writing_of(columns, mapped, style)
    amount = next((one for one in matches if one.ours == "amount"), None)
    interval = None
    if placement and placement.role.name == "subscriptions" and amount:
        interval = interval_of_amount(amount.column.name)
    return Draft(
        name=name,
        group=group,
        look=look,
        columns=tuple(columns),
        style=style,
        placement=placement,
        keys=keys,
        headers=mapped,
        why={one.ours: one.reason for one in matches if one.reason}
        | {ours: f"by the words of {mapped[ours]}" for ours in values if ours in mapped},
        unsettled=tuple(one for one in columns if one.ambiguous and _matters(one, keys, mapped)),
        interval=interval,
        guesses=(*guesses, *_repeated(group.table.names)),
    )


def _repeated(names: Sequence[str]) -> tuple[str, ...]:
    """What is said of headers that name several columns."""
    several = {name: names.count(name) for name in names[:_LOOKED] if names.count(name) > 1}
    return tuple(
        f"{count} columns are called {name!r}: none of them is read; rename them"
        for name, count in several.items()
    )


def known_draft(guess: Draft, fit: Fit, path: Sequence[str]) -> Draft:
    """The source of a table that a preset knows; what was guessed is kept for the case."""
    keys: dict[str, Any] = {"path": path[0] if len(path) == 1 else list(path)}
    keys |= {"preset": fit.preset.name}
    keys |= {key: told for key, told in _layout(guess.group).items() if key != "header"}
    said = fit.preset.source.get("dates", {})
    told = set(said) if isinstance(said, Mapping) else set(fit.columns)
    return replace(
        guess,
        keys=keys,
        headers=fit.columns,
        why={},
        unsettled=tuple(
            one
            for one in guess.columns
            if one.ambiguous
            and any(header == one.header and ours not in told
                    for ours, header in fit.columns.items())
        ),
        interval=None,
        guesses=(),
        fallback=guess,
    )  # fmt: skip


def _matters(column: Column, keys: Mapping[str, Any], mapped: Mapping[str, str]) -> bool:
    """Whether a column dates rows, or is one that the library may ask for."""
    dated = {keys.get(key) for key in ("time", "start", "end")}
    return column.name in dated or column.header in mapped.values() or bool(word_type(column.name))


def _kept(matches: Sequence[Match]) -> tuple[Match, ...]:
    """A monthly amount needs no term of payment."""
    amount = next((one for one in matches if one.ours == "amount"), None)
    monthly = amount and interval_of_amount(amount.column.name)
    return tuple(one for one in matches if not (monthly and one.ours == "interval"))


def _layout(group: Group) -> dict[str, Any]:
    reading = group.table.reading
    told: dict[str, Any] = {}
    if reading.skip_lines:
        told["skip_lines"] = reading.skip_lines
    if reading.footer_from:
        told["footer_from"] = reading.footer_from
    if reading.header:
        told["header"] = list(reading.header)
    return told


def _of_role(placement: Placement, matches: Sequence[Match]) -> dict[str, Any]:
    """Key and dates as the vocabulary has them, as far as the table has them."""
    role, known = placement.role, {one.ours: one.column for one in matches}
    told: dict[str, Any] = {}
    if role.key in known and known[role.key].unique:
        told["key"] = role.key
    if role.unique in known:
        told["unique"] = role.unique
    if role.start in known:
        told["start"] = role.start
        if role.end in known:
            told["end"] = role.end
    elif role.time in known or role.end in known:
        told["time"] = role.time if role.time in known else role.end
    return told


def _of_nobody(columns: Sequence[Column], stem: str) -> dict[str, Any]:
    """Key and dates of a table that is no source of the vocabulary, by names and content."""
    told: dict[str, Any] = {}
    own = [one for one in columns if not _LOADED.search(one.header.casefold())]
    key = next((one for one in own if _is_key(one, own, stem)), None)
    if key:
        told["key"] = key.name
    dated = [one for one in own if one.kind in ("date", "time") and not one.empty]
    happened = [one for one in dated if not _EXPECTED.search(one.name)]
    happened.sort(key=lambda one: not _CREATED.search(one.name))
    start = next((one for one in happened if _START.search(one.name)), None)
    end = next((one for one in happened if _END.search(one.name) and one is not start), None)
    if start and end:
        told |= {"start": start.name, "end": end.name}
    elif happened:
        told["time"] = happened[0].name
    return told


def _is_key(column: Column, columns: Sequence[Column], stem: str) -> bool:
    if not column.unique or column.rows < 2 or column.kind not in ("text", "number"):
        return False
    alike = re.search(r"(^|_)(id|uuid|key|code|number|no)$", column.name)
    singular = stem.removesuffix("s")
    return bool(alike) or column.name == singular or (column is columns[0] and _is_name(column))


def _is_name(column: Column) -> bool:
    return column.kind == "text"


def _with_meanings(
    placement: Placement, matches: Sequence[Match], mapped: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, Mapping[str, Any]]]:
    """Columns of ours that are made of the words of another one."""
    known = {one.ours: one.column for one in matches}
    columns, values = dict(mapped), dict[str, Mapping[str, Any]]()
    stage = known.get("stage") if placement.role.name == "deals" else None
    if stage is not None and len(stage.words) <= _FEW_WORDS:
        words = stage.texts.to_list()
        won, lost = won_words(words), lost_words(words)
        closed = (*won, *lost)
        told = {"is_won": won, "is_closed": closed if won and lost else ()}
        for ours, meant in told.items():
            if ours not in known and meant:
                columns[ours] = stage.header
                values[ours] = {**dict.fromkeys(meant, True), "else": False}
    interval = known.get("interval")
    if interval is not None:
        words = without_nulls(interval.texts).to_list()
        if renamed := interval_words(words):
            values["interval"] = renamed
    return columns, values


def without_later_time(draft: Draft, drafts: Sequence[Draft]) -> Draft:
    """A table that nothing is told from must not say how far all the others have been read."""
    lasts = [one.span[1] for one in drafts if one.placement and one.span]
    if draft.placement or draft.span is None or not lasts:
        return draft
    if (draft.span[1] - max(lasts)).days <= _LATER:
        return draft
    column = draft.told.get("time") or draft.told.get("start")
    reason = f"{column} dates its rows, later than any other file: not written, lest those be late"
    return draft.without(reason, "time", "start", "end")
