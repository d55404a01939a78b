"""A request as our own pages and the sources send it: in UTF-8, whatever its header says."""

from __future__ import annotations

from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.utils.http import parse_header_parameters


class Request(ASGIRequest):
    """The encoding that a Content-Type names is not heeded.

    The attack: a stranger's form names one of Python's codecs that reads in time that grows with the square of the
    length (punycode), or that fails in ways which Django does not expect (zlib, idna).
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            self.content_type, self.content_params = "", {}
