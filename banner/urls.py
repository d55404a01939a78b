from __future__ import annotations

from django.urls import path, register_converter

from banner import card_forms, card_views, holding, views
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
    path(f"{PART}/", card_views.find, name="banner-cards"),
    path(f"{PART}/form/", holding.hold, name="banner-form"),
    path(f"{PART}/objects/<int:object_id>/new/", card_forms.create, name="banner-card-new"),
    path(f"{CARD}/", card_views.read, name="banner-card"),
    path(f"{CARD}/edit/", card_forms.edit, name="banner-card-edit"),
    path(f"{CARD}/assign/", card_views.assign, name="banner-card-assign"),
]
