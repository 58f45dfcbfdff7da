"""The vocabulary of the definitions."""
