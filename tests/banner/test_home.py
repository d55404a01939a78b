from __future__ import annotations

import pytest
from django.test import Client

from users.models import Profile, User


@pytest.mark.django_db
def test_a_stranger_is_told_to_use_his_sso_login_url(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "/api/sso/login/" in response.content.decode()
    assert "Deskline</title>" in response.content.decode()


def test_an_administrator_who_signs_in_with_a_password_comes_to_the_maker(
    client: Client, ada: User, sales: Profile
) -> None:
    ada.profiles.add(sales)
    assert '<a href="/maker/">Administrators' in client.get("/").content.decode()
    form = client.get("/maker/").headers["Location"]
    signed_in = client.post(form, {"username": "ada@acme.example", "password": "correct horse"})
    assert signed_in.headers["Location"] == "/maker/"


def test_an_administrator_goes_to_the_maker(client: Client, omar: User) -> None:
    client.force_login(omar)
    assert client.get("/").headers["Location"] == "/maker/"


def test_an_agent_goes_to_the_banner_even_without_a_profile(client: Client, sid: User) -> None:
    client.force_login(sid)
    assert client.get("/").headers["Location"] == "/banner/"


def test_an_administrator_with_a_profile_goes_to_the_banner_which_links_the_maker(
    client: Client, omar: User, sales: Profile
) -> None:
    omar.profiles.add(sales)
    client.force_login(omar)
    response = client.get("/", follow=True)
    assert response.redirect_chain == [("/banner/", 302)]
    assert 'href="/maker/"' in response.content.decode()


def test_an_agent_sees_no_link_to_the_maker(page: Client) -> None:
    assert "/maker/" not in page.get("/banner/").content.decode()


def test_a_user_who_was_made_inactive_is_signed_out(page: Client, agent: User) -> None:
    agent.is_active = False
    agent.save()
    assert page.get("/banner/").headers["Location"] == "/"


@pytest.mark.django_db
def test_the_banner_sends_a_stranger_to_the_door(client: Client) -> None:
    assert client.get("/banner/").headers["Location"] == "/"


@pytest.mark.django_db
def test_a_page_whose_session_ended_is_led_to_the_door_as_a_whole(client: Client) -> None:
    response = client.get("/banner/live/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/"
