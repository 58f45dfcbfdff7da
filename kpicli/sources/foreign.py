"""What a file really is when it is no table that can be read."""

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive", "name it .xlsx or .zip"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "open it and save it as .xlsx or CSV"),
    (b"\x1f\x8b", "compressed with gzip", "unpack it first (gunzip)"),
    (b"BZh", "compressed with bzip2", "unpack it first (bunzip2)"),
    (b"\xfd7zXZ", "compressed with xz", "unpack it first (unxz)"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it first (unzstd)"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it first"),
    (b"%PDF", "a PDF document", "export the table as CSV"),
    (b"{\\rtf", "a text document (RTF)", "export the table as CSV"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"ARROW1", "an Arrow file", "write it as Parquet"),
    (b"ORC", "an ORC file", "write it as Parquet"),
    (b"Obj\x01", "an Avro file", "write it as Parquet"),
    (b"\x89PNG", "a picture", "export the table as CSV"),
    (b"\xff\xd8\xff", "a picture", "export the table as CSV"),
    (b"GIF8", "a picture", "export the table as CSV"),
)
_WEB = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<!--")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_BOM = b"\xef\xbb\xbf"
# Control characters that no text holds; tabs, line ends, form feeds and old marks of ends it may.
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1a\x1b\x1f")


def foreign_content(start: bytes, encoded: bool = False) -> tuple[str, str] | None:
    """What the first bytes show instead of a table, and what helps; None where nothing does.

    encoded: the author declared an encoding, so zero bytes may belong to it.
    """
    for signature, name, hint in _SIGNATURES:
        if start.startswith(signature) and (name != "an ORC file" or b"\0" in start):
            return name, hint
    marked = _marked_text(start.removeprefix(_BOM).lstrip())
    return marked if marked or encoded else _binary(start)


def _marked_text(start: bytes) -> tuple[str, str] | None:
    low = start[:64].lower()
    if low.startswith(_WEB):
        return "a web page, not a table", "download the raw file instead of saving the page"
    if low.startswith((b"<?xml", b"<table", b"<workbook")):
        return "XML, not a table", "open it in a spreadsheet and save it as CSV"
    if low.startswith((b'{"', b"{\n", b"{\r", b"[{", b"[\n", b"[\r")):
        return "JSON, but not one object a line", "make it so (jq -c '.[]'), or export it as CSV"
    return None


def _binary(start: bytes) -> tuple[str, str] | None:
    if start.startswith(_WIDE):
        return None
    controls = len(start) - len(start.translate(None, delete=_CONTROLS))
    if b"\0" in start and _looks_wide(start):
        return "text in UTF-16 without a mark that says so", "write encoding: utf-16-le"
    if b"\0" in start or controls * 10 > len(start):
        return "binary, not text", "export the table as CSV or Parquet"
    return None


def _looks_wide(start: bytes) -> bool:
    """Every second byte is zero, as in Latin text written in 16 bits."""
    return start[1::2].count(0) * 10 > len(start) * 4 or start[::2].count(0) * 10 > len(start) * 4
