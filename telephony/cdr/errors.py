from __future__ import annotations


class BadLine(ValueError):
    """A line, or a call made of some; the text says why. The others are read all the same."""


class NotACDR(ValueError):
    """The whole file is something else; the text says what was recognised."""
