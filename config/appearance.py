from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static

PRIMARY = {
    "50": "#f0f9f7",
    "100": "#d8efeb",
    "200": "#b3dfd8",
    "300": "#83cabf",
    "400": "#57c4b6",
    "500": "#25a69c",
    "600": "#0f6b66",
    "700": "#0b5550",
    "800": "#0c4541",
    "900": "#0d3936",
    "950": "#06211e",
}
"""Contrast: white text on 600 has 6.4:1; 500, unfold's colour of links in dark mode, has 4.9:1 on its backgrounds."""


def mark(request: HttpRequest) -> str:
    return static("deskline/mark.svg")


def stylesheet(request: HttpRequest) -> str:
    return static("maker/maker.css")


def script(request: HttpRequest) -> str:
    return static("maker/maker.js")
