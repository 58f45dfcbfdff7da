"""A source as other programs read it: JSON."""

from dataclasses import asdict

from kpicli.engine.profile import Profile
from kpicli.render.json import Record, problem_record, source_record, write_document
from kpicli.results import SCHEMA


def source_json(profile: Profile) -> str:
    """The source's record with its columns, its rows by file and its references."""
    rows = {file.path: file for file in profile.files}
    record = source_record(profile.record)
    files = [
        file
        | {"rows": rows[file["path"]].rows}
        | {"format": rows[file["path"]].format, "written": rows[file["path"]].written or None}
        for file in record["files"]
    ]
    more: Record = {
        "files": files,
        "columns": [asdict(column) for column in profile.columns],
        "preset": profile.source.preset if profile.source else None,
        "lacking": list(profile.lacking),
        "references": [asdict(one) for one in profile.references],
    }
    return write_document(
        {
            "schema": SCHEMA,
            "sources": [record | more],
            "problems": [problem_record(one) for one in profile.problems],
        }
    )
