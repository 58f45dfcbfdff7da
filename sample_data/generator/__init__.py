"""Acme's two years, made up from a fixed seed."""
