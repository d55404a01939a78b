"""Step 1. Zoho API credentials: the setup page says what to paste, the API console gives ID and secret."""

from __future__ import annotations

from demo.journey.browser import StepFailed, Visitor
from demo.journey.traveller import DATA_CENTRE, Traveller

TITLE = "Zoho API credentials"
NAME = "Deskline demo"


def run(traveller: Traveller) -> str:
    maker = traveller.browser
    maker.open(traveller.maker("setup/zoho-desk/"))
    homepage = maker.value("#homepage", "the homepage URL")
    returns = [maker.value(f"#{name}", "the redirect URIs") for name in ("consent-return", "sign-in-return")]
    console = Visitor()
    console.open(f"{traveller.system.zoho}/{DATA_CENTRE}/accounts/developerconsole")
    found = _registered(console, returns)
    if found is None:
        values = {"name": NAME, "homepage": homepage, "redirect_uris": "\n".join(returns)}
        console.submit("form.register", values)
        found = _registered(console, returns)
    if found is None:
        raise StepFailed("The API console does not list the client.", said=console.said(), look=console.url)
    traveller.client_id, traveller.client_secret = found
    return f"client {traveller.client_id[:9]}… in the API console, redirecting to {homepage}"


def _registered(console: Visitor, returns: list[str]) -> tuple[str, str] | None:
    """ID and secret of our client, if the console lists it with exactly these redirect URIs."""
    for article in console.page.select("article.client"):
        heading = article.select_one("h3")
        listed = {line.get_text(strip=True) for line in article.select("dd div")}
        if heading and heading.get_text().strip().startswith(NAME) and listed == set(returns):
            client_id, secret = (code.get_text(strip=True) for code in article.select("dd code")[:2])
            return client_id, secret
    return None
