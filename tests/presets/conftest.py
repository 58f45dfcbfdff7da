"""The fixture that runs a definition over small files."""

from pathlib import Path

import pytest
from language.folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty folder for definitions and exports."""
    return Folder(tmp_path)
