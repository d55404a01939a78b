from __future__ import annotations

from django.urls import path

from sso import views

urlpatterns = [
    # Registered at Zoho by customers: the callback never moves. It stands first, "oauth" alone may be a reference.
    path("api/sso/login/oauth/callback", views.callback, name="sso-callback"),
    path("api/sso/login/<str:reference>", views.login, name="sso-login"),
    path("api/sso/sign-out", views.sign_out, name="sign-out"),
]
