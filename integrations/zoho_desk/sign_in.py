"""Who signs in, as Zoho Accounts tells it (docs/zoho-facts.md 2.7)."""

from __future__ import annotations

from collections.abc import Mapping

from integrations import base
from integrations.errors import Misconfigured
from integrations.types import App, Identity, SignInAddresses
from integrations.zoho_desk import reasons
from integrations.zoho_desk.datacentres import DataCentres
from integrations.zoho_desk.oauth import code_form, token
from outbound.http import Client


class ZohoSignIn(base.SignIn):
    scope = "aaaserver.profile.READ"  # name, e-mail and ZUID
    # Online: a refresh token for every sign-in would evict those of the API connection (docs/zoho-facts.md 1.4).
    parameters: Mapping[str, str] = {"access_type": "online"}

    def __init__(self, client: Client, centres: DataCentres) -> None:
        self._client = client
        self._centres = centres

    def addresses(self, location: str) -> SignInAddresses:
        base_url = self._centres.get(location).accounts
        return SignInAddresses(authorise=f"{base_url}/oauth/v2/auth", profile=f"{base_url}/oauth/user/info")

    def redeem(self, app: App, location: str, *, code: str, redirect_uri: str, code_verifier: str) -> str:
        form = code_form(code, redirect_uri, code_verifier)
        return str(token(self._client, self._centres.get(location), app, form)["access_token"])

    def identity(self, location: str, profile: Mapping[str, object]) -> Identity:
        """Read the profile answer: the legacy names (First_Name, Email, ZUID) or OpenID's (sub, email, name)."""
        subject = str(profile.get("ZUID") or profile.get("sub") or "").strip()
        email = str(profile.get("Email") or profile.get("email") or "").strip()
        if not subject or not email:
            raise Misconfigured(reasons.NOBODY)
        full = " ".join(str(profile.get(part) or "") for part in ("First_Name", "Last_Name")).strip()
        name = str(profile.get("Display_Name") or profile.get("name") or full).strip()
        return Identity(location=location, subject=subject, email=email, name=name)
