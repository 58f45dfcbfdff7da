"""Verbs on lazy frames that several kinds share."""
