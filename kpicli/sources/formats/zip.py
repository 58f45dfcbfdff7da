"""Archives that hold one export, or are asked for some of theirs.

An archive with one file is read as that file. Of one with several, as subscription tools export
them, the path says which: `path: export.zip/invoices.csv`, or `export.zip/*.ndjson.gz`, where the
files that match are one source. What is asked for is unpacked into the temporary folder.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kpicli.errors import Problem, SourceError
from kpicli.sources.archives import listed, member_of, members_of
from kpicli.sources.formats import format_within
from kpicli.sources.reading import Format, Header, Reading, Scan


def headers(path: Path, reading: Reading) -> Header:
    """The columns of the only file within; raises SourceError."""
    member, within = _only(path)
    found = within.headers(member, reading)
    return replace(found, written=f"{member.name}, {found.written}".rstrip(", "))


def scan(path: Path, reading: Reading, columns: Sequence[str]) -> Scan:
    """The asked columns of the only file within; raises SourceError."""
    member, within = _only(path)
    found = within.scan(member, reading, columns)
    return replace(found, size=found.size or member.stat().st_size)


def _only(path: Path) -> tuple[Path, Format]:
    names = members_of(path)
    if not names:
        raise SourceError([Problem("empty_file", f"{path.name} is an archive without files")])
    if len(names) > 1:
        message = f"{path.name} holds {len(names)} files: {listed(names)}"
        hint = f"write path: {path.name}/{Path(names[0]).name}, or a pattern: {path.name}/*.csv"
        raise SourceError([Problem("several_files", message, hint)])
    member = member_of(path, names[0])
    return member, format_within(member, member.suffix)


def recognises(start: bytes) -> bool:
    """Whether the first bytes are those of an archive that is no workbook."""
    return start.startswith(b"PK\x03\x04") and not start[30:].startswith(
        (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/")
    )


FORMAT = Format("ZIP", (".zip",), recognises, headers, scan)
