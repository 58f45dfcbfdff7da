"""What TRUTHS.md says, as cells."""

import re
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "sample_data"


def truths_table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading of TRUTHS.md."""
    text = (SAMPLE / "TRUTHS.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^\|(.+)\|$", section, re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)] for line in lines[2:]]
