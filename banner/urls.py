from __future__ import annotations

from django.urls import path, register_converter

from banner import cards, holding, saving, views
from banner.converters import RecordId
from banner.home import home

register_converter(RecordId, "record")

PART = "banner/interactions/<int:interaction_id>/crms/<int:crm_id>"
CARD = f"{PART}/objects/<int:object_id>/cards/<record:card_id>"

urlpatterns = [
    path("", home, name="home"),
    path("banner/", views.workspace, name="banner"),
    path("banner/profile/", views.choose_profile, name="banner-profile"),
    path("banner/live/", views.live, name="banner-live"),
    path("banner/interactions/<int:interaction_id>/", views.workspace, name="banner-interaction"),
    path(f"{PART}/", cards.find, name="banner-cards"),
    path(f"{PART}/form/", holding.hold, name="banner-form"),
    path(f"{PART}/objects/<int:object_id>/new/", saving.create, name="banner-card-new"),
    path(f"{CARD}/", cards.read, name="banner-card"),
    path(f"{CARD}/edit/", saving.edit, name="banner-card-edit"),
    path(f"{CARD}/assign/", cards.assign, name="banner-card-assign"),
]
