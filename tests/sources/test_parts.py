"""Large files are read in parts, as if they were one."""

from pathlib import Path

import pytest

from kpicli.sources.delimited import parts, rows
from kpicli.sources.formats.csv import headers, scan
from kpicli.sources.reading import Reading

TABLES = {
    "plain": (b"a,b\n" + b"".join(b"%d,x\n" % at for at in range(99)), Reading(), 0),
    "with a mark and CRLF": (
        b"\xef\xbb\xbfa,b\r\n" + b"".join(b"%d,x\r\n" % at for at in range(99)) + b"\r\n\r\n",
        Reading(),
        0,
    ),
    "without header, a mark": (
        b"\xef\xbb\xbf" + b"".join(b"%d,x\n" % at for at in range(99)),
        Reading(header=("a", "b")),
        0,
    ),
}


@pytest.mark.parametrize(("content", "reading", "first"), TABLES.values(), ids=TABLES)
def test_rows_and_their_numbers_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, reading: Reading, first: int
) -> None:
    monkeypatch.setattr(rows, "LARGE_BYTES", 0)
    monkeypatch.setattr(parts, "_PART_BYTES", 50)
    path = tmp_path / "large.csv"
    path.write_bytes(content)
    assert len(parts.parts_of(path, 0)) > 5
    read = scan(path, reading, headers(path, reading).names)
    expected = [(at + 1, str(at), "x") for at in range(first, 99)]
    assert read.frame.collect().rows() == expected
