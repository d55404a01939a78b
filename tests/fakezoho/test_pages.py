from __future__ import annotations

import re

import requests


def page(zoho, path="/"):
    answer = requests.get(zoho.url + path, timeout=5)
    assert answer.status_code == 200, answer.text
    return answer


def test_the_first_page_shows_portals_people_and_calls(zoho, desk, new_call):
    desk.post("/calls", json=new_call | {"cf": {"cf_recording_url": "https://rec.example/1"}})
    text = page(zoho).text
    assert "Acme Europe (sandbox)" in text
    assert "mallory@elsewhere.example" in text
    assert "A call" in text
    assert "https://rec.example/1" in text
    assert "Amélie Poulain" in text


def test_the_summary_has_the_newest_calls_first_and_no_secret(zoho, client, desk, new_call):
    for number in range(3):
        zoho.advance(1)
        desk.post("/calls", json=new_call | {"subject": f"Call {number}"})
    answer = page(zoho, "/_standin/summary")
    assert [call["subject"] for call in answer.json()["calls"]] == ["Call 2", "Call 1", "Call 0"]
    assert answer.json()["counts"]["tokens"] == 1
    assert client.secret not in answer.text
    assert desk.headers["Authorization"].split()[1] not in answer.text


def test_markup_and_script_links_from_records_stay_text(zoho, desk, new_call):
    evil = "<img src=x onerror=alert(1)>"
    values = {"subject": evil, "cf": {"cf_recording_url": "javascript:alert(1)"}}
    call = desk.post("/calls", json=new_call | values).json()
    for path in ("/", "/eu/desk/agent/acme", call["webUrl"].removeprefix(zoho.url)):
        text = page(zoho, path).text
        assert evil not in text
        assert "&lt;img src=x" in text
        assert 'href="javascript:' not in text
    assert page(zoho, "/_standin/summary").json()["calls"][0]["recording"] == ""


def test_pages_forbid_foreign_scripts_and_frames(zoho):
    policy = page(zoho).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_links_of_records_lead_to_a_page(zoho, desk, new_call, contact):
    call = desk.post("/calls", json=new_call).json()
    ticket = desk.post(
        "/tickets", json={"subject": "Help", "departmentId": new_call["departmentId"], "contactId": contact}
    ).json()
    for record in (call, ticket, desk.get(f"/contacts/{contact}").json()):
        assert record["id"] in page(zoho, record["webUrl"].removeprefix(zoho.url)).text
    gone = requests.get(call["webUrl"].replace(call["id"], "1"), timeout=5)
    assert gone.status_code == 404


def test_a_company_url_is_a_page(zoho):
    assert "Globex" in page(zoho, "/us/desk/agent/globex").text


def test_the_form_sets_knobs_and_unticked_boxes(zoho):
    form = {"edition": "FREE", "search_lag": "4", "custom_fields": "true"}
    answer = requests.post(f"{zoho.url}/knobs", data=form, timeout=5)
    assert answer.status_code == 200
    knobs = zoho.world.knobs
    assert (knobs.edition, knobs.search_lag, knobs.custom_fields, knobs.multi_dc) == ("FREE", 4.0, True, False)
    assert requests.post(f"{zoho.url}/knobs", data={"latency": "x"}, timeout=5).status_code == 422


def shown_form(zoho):
    """The form of the knobs as a browser would send it back, nothing changed."""
    part = page(zoho).text.partition('id="knobs"')[2]
    form = dict(re.findall(r'<input (?:type="hidden" )?name="([^"]+)" value="([^"]*)"', part))
    form |= re.findall(r'<select name="(\w+)">.*?<option value="([^"]*)" selected>', part)
    return form | dict.fromkeys(re.findall(r'type="checkbox" name="(\w+)" value="true" checked', part), "true")


def test_the_form_leaves_knobs_alone_that_were_turned_since_it_was_shown(zoho):
    form = shown_form(zoho)
    zoho.set_knobs(latency=0.01, edition="FREE", trailing_ampersand=True)
    requests.post(f"{zoho.url}/knobs", data=form | {"search_lag": "7", "token_error_status": "400"}, timeout=5)
    knobs = zoho.world.knobs
    assert (knobs.search_lag, knobs.token_error_status) == (7.0, 400)
    assert (knobs.latency, knobs.edition, knobs.trailing_ampersand) == (0.01, "FREE", True)
    assert (knobs.multi_dc, knobs.code_life, knobs.call_filters) == (True, 60.0, "live")


def test_the_table_of_data_centres_has_the_products_shape(zoho):
    table = page(zoho, "/datacentres.json").json()
    assert table == zoho.datacentres()
    assert set(table["locations"]) == {"eu", "us", "in"}
    assert all(set(place) == {"accounts", "desk", "api_domain", "console"} for place in table["locations"].values())
