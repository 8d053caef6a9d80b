"""Writes, as verbs in noun modules."""
