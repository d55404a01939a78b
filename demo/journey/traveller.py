"""Who goes on the journey: Ada in the Maker, what she has learnt so far, and the names that she gives to things."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from bs4 import Tag

from demo.journey.browser import StepFailed, Value, Visitor
from demo.journey.system import System

ADMINISTRATOR = "ada@acme.example"
AGENT = "grace@acme.example"
METHOD = "Zoho Desk (demo)"
CONNECTOR = CRM = "zoho-demo"
PROFILE = "Support"
PORTAL = "acme"
DATA_CENTRE = "eu"


@dataclass
class Traveller:
    """Ada's browser, and what one page showed that a later one asks for."""

    system: System
    browser: Visitor = field(default_factory=Visitor)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    login_url: str = ""
    crm_page: str = ""
    api_key: str = field(default="", repr=False)

    def maker(self, path: str) -> str:
        return f"{self.system.url}/maker/{path}"

    def sign_in(self) -> None:
        page = self.browser.open(self.maker("login/"))
        if page.select_one("input[name=password]") is None:
            return
        self.browser.submit(
            "form:has(input[name=password])", {"username": ADMINISTRATOR, "password": self.system.password}
        )
        if "/login/" in self.browser.url:
            raise StepFailed("The Maker does not let Ada in.", said=self.browser.said(), look=self.browser.url)

    def row(self, part: str, name: str) -> str:
        """The address of a row's own page, by what a list shows for it; empty when there is none."""
        self.browser.open(f"{self.maker(part)}/?{urlencode({'q': name})}")
        for link in self.browser.page.select("#result_list a[href*='/change/'], #result_list th a"):
            if link.get_text(strip=True) == name:
                return str(link["href"]).partition("?")[0]
        return ""

    def add(self, part: str, values: dict[str, Value]) -> None:
        self.browser.open(f"{self.maker(part)}/add/")
        self.save(values)

    def save(self, values: dict[str, Value]) -> None:
        """Save the form of the page that is open; the Maker shows it again when something is wrong."""
        self.browser.submit("#content form:has(input[name=csrfmiddlewaretoken])", values, press=self._button())
        if self.browser.page.select_one(".errornote, .errorlist"):
            raise StepFailed("The form was not saved.", said=self.browser.said(), look=self.browser.url)

    def dialog(self, address: str, values: dict[str, Value] | None = None) -> None:
        self.browser.open(address)
        self.browser.submit("#dialog form", values)
        refusal = self.browser.page.select_one(".maker-refusal")
        if refusal:
            raise StepFailed("The window refused.", said=refusal.get_text(" ", strip=True), look=address)

    def option(self, selector: str, text: str) -> str:
        for option in self.browser.page.select(f"{selector} option"):
            if text in option.get_text():
                return str(option["value"])
        raise StepFailed(f"The list {selector} does not offer “{text}”.", look=self.browser.url)

    def _button(self) -> Tag | None:
        return self.browser.page.select_one("#content button[name=_save], #content input[name=_save]")
