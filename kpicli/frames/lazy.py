"""The frame that kinds and verbs speak: a lazy one, whatever engine stands behind it."""

from typing import Any

import narwhals as nw

Lazy = nw.LazyFrame[Any]
