from __future__ import annotations

from tests.fakezoho.conftest import refusal


def by_name(desk, path):
    return {field["apiName"]: field for field in desk.get(path).json()["data"]}


def test_fields_tell_lengths_types_and_picklists(zoho, desk):
    fields = by_name(desk, "/fields?module=calls")
    assert (fields["subject"]["maxLength"], fields["subject"]["isMandatory"]) == (300, True)
    assert (fields["cf_deskline_marker"]["type"], fields["cf_deskline_marker"]["maxLength"]) == ("Text", 100)
    assert (fields["cf_recording_url"]["type"], fields["cf_recording_url"]["isCustomField"]) == ("URL", True)
    assert {"value": "Missed"} in fields["status"]["pickListValues"]
    zoho.set_knobs(picklists_in_fields=False)
    assert "pickListValues" not in by_name(desk, "/fields?module=calls")["status"]


def test_fields_are_chosen_by_name_or_filter(desk):
    assert set(by_name(desk, "/fields?module=contacts&apiNames=email,phone")) == {"email", "phone"}
    own = by_name(desk, "/fields?module=calls&filter=isCustomField='true'")
    assert set(own) == {"cf_deskline_marker", "cf_recording_url"}
    assert refusal(desk.get("/fields?module=calls&filter=nonsense")) == (422, "UNPROCESSABLE_ENTITY")
    assert refusal(desk.get("/fields?module=widgets")) == (422, "UNPROCESSABLE_ENTITY")


def test_one_field_is_read_by_its_id(desk):
    field = by_name(desk, "/fields?module=calls")["cf_deskline_marker"]
    assert desk.get(f"/fields/{field['id']}").json()["apiName"] == "cf_deskline_marker"
    assert refusal(desk.get("/fields/1")) == (404, "URL_NOT_FOUND")


def test_the_older_answer_tells_the_type_of_each_status(desk):
    status = by_name(desk, "/organizationFields?module=calls")["status"]
    assert {"value": "Scheduled", "statusType": "Open"} in status["allowedValues"]
    assert {"value": "Completed", "statusType": "Closed"} in status["allowedValues"]


def test_a_layout_has_plain_values_and_lacks_start_time_and_duration(desk):
    listed = desk.get("/layouts?module=calls").json()["data"]
    assert [layout["layoutName"] for layout in listed] == ["Support", "Sales"]
    assert "sections" not in listed[0]
    layout = desk.get(f"/layouts/{listed[0]['id']}").json()
    fields = {field["apiName"]: field for field in layout["sections"][0]["fields"]}
    assert not {"startTime", "duration"} & set(fields)
    assert "In Progress" in fields["status"]["allowedValues"]
    assert fields["cf_deskline_marker"]["isSystemMandatory"] is False


def test_mandatory_custom_fields_show_in_fields_and_layouts(zoho, desk):
    zoho.set_knobs(mandatory_fields="cf_reason")
    assert by_name(desk, "/fields?module=calls")["cf_reason"]["isMandatory"] is True
    layout = desk.get("/layouts?module=calls").json()["data"][0]
    fields = desk.get(f"/layouts/{layout['id']}").json()["sections"][0]["fields"]
    assert [field["isMandatory"] for field in fields if field["apiName"] == "cf_reason"] == [True]


def test_the_portal_of_globex_has_no_custom_fields(desk_of):
    desk = desk_of("hank@globex.example", dc="us", portal="globex")
    assert not [name for name in by_name(desk, "/fields?module=calls") if name.startswith("cf_")]
