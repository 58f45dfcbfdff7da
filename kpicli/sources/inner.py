"""Fields within objects as columns: `properties.plan`.

The object is a JSON text, a struct of a Parquet file, or an object of a JSON file. Which fields a
struct or a JSON file has is known from its header. What a JSON text holds is seen as it is read: a
field that a cell lacks has no value there; a cell that is no JSON has none that could be told.
"""

import json
from dataclasses import dataclass

import polars as pl

from kpicli.sources.headers import plain_form
from kpicli.sources.nulls import without_nulls
from kpicli.sources.reading import Header, Reading


@dataclass(frozen=True)
class InnerCell:
    """A field within an object: its cells, and whether the object cannot be told.

    whole is the object itself where that is a text, named by its header.
    """

    cell: pl.Expr
    dtype: pl.DataType
    broken: pl.Expr | None = None
    whole: str | None = None


def address_of(header: Header, wanted: str) -> str | None:
    """The address of a field as the file writes it; None where there can be none of that name.

    As with headers, the plain form is enough where only one field has it. Of a text that
    may hold objects nothing is known before it is read, so any field of one may be meant.
    """
    if "." not in wanted:
        return None
    if wanted in header.inner:
        return wanted
    plain = plain_form(wanted)
    alike = [address for address in header.inner if plain_form(address) == plain]
    if alike:
        return alike[0] if len(alike) == 1 else None
    return _within_text(header, wanted)


def stored_type(header: Header, name: str) -> pl.DataType:
    """The physical type of a column or of a field; those within a JSON text are texts."""
    if name in header.names:
        return header.dtypes[header.names.index(name)]
    return header.inner[name].dtype if name in header.inner else pl.String()


def inner_cell(header: Header, address: str, reading: Reading) -> InnerCell:
    """The cells of an address that address_of found."""
    known = header.inner.get(address)
    if known is None:
        return _of_text(header, address, reading)
    if header.digs:
        return InnerCell(pl.col(address), known.dtype)
    cell = pl.col(known.keys[0])
    for key in known.keys[1:]:
        cell = cell.struct.field(key)
    if known.dtype == pl.String and reading.nulls:
        cell = without_nulls(cell, reading.nulls)
    return InnerCell(cell, known.dtype)


def held_by(header: Header, address: str) -> str:
    """The column that has to be read for an address."""
    known = header.inner.get(address)
    if known is not None:
        return address if header.digs else known.keys[0]
    return _parted(header, address)[0] or address


def _within_text(header: Header, wanted: str) -> str | None:
    base, rest = _parted(header, wanted)
    if base is None or header.dtypes[header.names.index(base)] != pl.String:
        return None
    shown = any(address.startswith(f"{base}.") for address in header.inner)
    if (shown and header.all_inner) or (header.may_hold and not header.may_hold(base)):
        return None
    return f"{base}.{rest}"


def _parted(header: Header, wanted: str) -> tuple[str | None, str]:
    """The longest column that stands before a dot, exactly or in its plain form, and the rest."""
    parts = wanted.split(".")
    for count in range(len(parts) - 1, 0, -1):
        name, rest = ".".join(parts[:count]), ".".join(parts[count:])
        if name in header.names:
            return name, rest
        alike = [known for known in header.names if plain_form(known) == plain_form(name)]
        if len(alike) == 1:
            return alike[0], rest
    return None, wanted


def _of_text(header: Header, address: str, reading: Reading) -> InnerCell:
    base, keys = _parted(header, address)
    text = pl.col(base or address)
    told = text.str.json_path_match(_path(keys.split(".")))
    if "." in keys:
        told = pl.coalesce(told, text.str.json_path_match(_path([keys])))
    bare = text.str.strip_chars()
    broken = (bare != "") & (bare != "null") & text.str.json_path_match("$").is_null()
    return InnerCell(
        without_nulls(told, reading.nulls), pl.String(), broken.fill_null(value=False), base
    )


def _path(keys: list[str]) -> str:
    return "$" + "".join(f"[{json.dumps(key, ensure_ascii=False)}]" for key in keys)
