"""How text with separators is told apart into rows."""
