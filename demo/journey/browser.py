"""A person's browser: opens pages, fills forms, and says in words what a page answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import mechanicalsoup
import requests
from bs4 import BeautifulSoup, Tag

SECONDS = 60
ERROR_ELEMENTS = (
    ".errornote, .errorlist, .maker-refusal, .maker-step-bad, .error, [role=alert], .validation-error, "
    "#main .text-red-600"
)
Value = str | bool | Sequence[str]


class StepFailed(Exception):
    """What went wrong, what the page said, and where to look."""

    def __init__(self, what: str, *, said: str = "", look: str = "") -> None:
        super().__init__("\n".join(filter(None, [what, said and f"It said: {said}", look and f"Look at: {look}"])))


class Visitor:
    """One browser with its own cookies. Every answer of 400 and above raises StepFailed."""

    def __init__(self) -> None:
        session = requests.Session()
        session.trust_env = False
        session.hooks["response"].append(_require_loopback)
        self.browser = mechanicalsoup.StatefulBrowser(session=session, soup_config={"features": "lxml"})

    @property
    def url(self) -> str:
        return str(self.browser.url)

    @property
    def page(self) -> BeautifulSoup:
        return self.browser.page or BeautifulSoup("", "lxml")

    def open(self, address: str) -> BeautifulSoup:
        """Follow an address, relative to the page that is open."""
        try:
            response = self.browser.open_relative(address) if self.browser.url else self.browser.open(address)
        except requests.RequestException as error:
            raise StepFailed(f"{address} does not answer ({type(error).__name__}).") from None
        return self._checked(response)

    def submit(self, form: str, values: Mapping[str, Value] | None = None, press: Tag | None = None) -> BeautifulSoup:
        found = self.page.select_one(form)
        if found is None:
            raise StepFailed(f"The page has no form “{form}”.", said=self.said(), look=self.url)
        self.browser.select_form(found)
        for name, value in (values or {}).items():
            self._fill(name, value)
        if press is not None:
            self.browser.form.choose_submit(press)
        try:
            response = self.browser.submit_selected(timeout=SECONDS)
        except requests.RequestException as error:
            raise StepFailed(f"The form of {self.url} got no answer ({type(error).__name__}).") from None
        return self._checked(response)

    def find(self, selector: str, what: str) -> Tag:
        found = self.page.select_one(selector)
        if found is None:
            raise StepFailed(f"The page does not show {what}.", said=self.said(), look=self.url)
        return found

    def value(self, selector: str, what: str) -> str:
        return str(self.find(selector, what)["value"])

    def said(self) -> str:
        """The error messages of the page, else how it begins."""
        texts = [" ".join(tag.get_text(" ").split()) for tag in self.page.select(ERROR_ELEMENTS)]
        whole = " ".join(self.page.get_text(" ").split())
        return " / ".join(dict.fromkeys(filter(None, texts))) or whole[:200]

    def _fill(self, name: str, value: Value) -> None:
        form = self.browser.form
        controls = form.form.select(f'[name="{name}"]')
        if not controls:
            form.new_control("text", name, value)
        elif controls[0].name == "select" or controls[0].get("type") in ("checkbox", "radio"):
            form.set(name, [value] if isinstance(value, str) and controls[0].get("type") == "checkbox" else value)
        else:
            form.set(name, value)

    def _checked(self, response: requests.Response) -> BeautifulSoup:
        if response.status_code >= 400:
            raise StepFailed(f"{self.url} answered {response.status_code}.", said=self.said())
        return self.page


def _require_loopback(response: requests.Response, **_: object) -> None:
    """The demo's password and keys leave for no other machine, whatever a redirect says."""
    if not response.is_redirect:
        return
    target = requests.compat.urljoin(response.url, response.headers["location"])
    if urlsplit(target).hostname not in ("127.0.0.1", "localhost", urlsplit(response.url).hostname):
        raise StepFailed(f"{response.url} sends us to another machine: {urlsplit(target).hostname}.")
