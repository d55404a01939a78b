from __future__ import annotations

from starlette.routing import Route

from fakezoho.accounts import consent, console, endpoints

ANY = ["GET", "POST"]
ROUTES = [
    Route("/oauth/v2/auth", consent.auth),
    Route("/oauth/v2/consent", consent.decide, methods=["POST"]),
    Route("/signin", consent.sign_in, methods=["POST"]),
    Route("/signout", consent.sign_out, methods=["POST"]),
    Route("/developerconsole", console.console, methods=ANY),
    Route("/oauth/v2/token", endpoints.token, methods=ANY),
    Route("/oauth/v2/token/revoke", endpoints.revoke, methods=["POST"]),
    Route("/oauth/v2/revoke/token", endpoints.revoke, methods=["POST"]),
    Route("/oauth/user/info", endpoints.user_info),
    Route("/oauth/v2/userinfo", endpoints.oidc_userinfo),
    Route("/oauth/v2/keys", endpoints.keys),
    Route("/oauth/serverinfo", endpoints.server_info),
    Route("/.well-known/openid-configuration", endpoints.discovery),
]
