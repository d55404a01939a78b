"""What every integration promises, as a class of tests. A vendor's folder inherits it and gives a harness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from integrations.errors import NotSent, OutcomeUnknown, RecordGone, Refused
from integrations.types import Record, Search, Sought
from tests.integrations.access_contract import AccessContract
from tests.integrations.harness import Harness

MARKER = "DL-8F3K2M9Q"


class IntegrationContract(AccessContract):
    """Inherit it, and give a fixture `harness`."""

    def sought(self, harness: Harness, module: str, values: dict[str, object], marker: str = MARKER) -> Sought:
        return Sought(module, marker, datetime.now(UTC) - timedelta(seconds=5), values)

    def new_card(self, harness: Harness, **values: object) -> str:
        made: Record = harness.vendor.writer.create(harness.connection, harness.card_module, harness.card(**values))
        return made.id

    def test_a_card_that_was_written_can_be_read(self, harness):
        given = harness.card(name="Zoé Contract", phone="+33 1 99 00 11 22", email="zoe@contract.example")
        made = harness.vendor.writer.create(harness.connection, harness.card_module, given)
        read = harness.vendor.reader.read(harness.connection, harness.card_module, made.id)
        assert made.id
        assert read.title == made.title != ""
        assert read.module == harness.card_module
        assert {name: read.values[name] for name in given} == given

    def test_a_card_is_found_by_its_number_in_any_form_and_by_its_email(self, harness):
        card = self.new_card(harness, phone="+33 1 99 00 11 23", email="Zoe@Contract.example")
        harness.settle_search()
        searches = [Search(phone="0199001123"), Search(phone="+33199001123"), Search(email="zoe@CONTRACT.example")]
        for search in searches:
            found = harness.vendor.reader.find(harness.connection, harness.card_module, search)
            assert [record.id for record in found] == [card], search

    def test_a_similar_number_finds_nobody(self, harness):
        self.new_card(harness, phone="+33 1 99 00 11 24")
        harness.settle_search()
        for phone in ("+49 1 99 00 11 24", "00 11 24", "anonymous", "24"):
            assert harness.vendor.reader.find(harness.connection, harness.card_module, Search(phone=phone)) == []

    def test_several_cards_come_most_recently_changed_first(self, harness):
        first = self.new_card(harness, phone="+33 1 99 00 11 25")
        second = self.new_card(harness, phone="01 99 00 11 25")
        values = {name: value for name, value in harness.card(name="Changed Later").items() if "ame" in name}
        harness.vendor.writer.update(harness.connection, harness.card_module, first, values)
        harness.settle_search()
        found = harness.vendor.reader.find(harness.connection, harness.card_module, Search(phone="0199001125"))
        assert [record.id for record in found] == [first, second]

    def test_an_empty_search_asks_and_finds_nothing(self, harness):
        assert harness.vendor.reader.find(harness.connection, harness.card_module, Search()) == []

    def test_a_record_that_is_not_there_is_gone(self, harness):
        with pytest.raises(RecordGone):
            harness.vendor.reader.read(harness.connection, harness.card_module, "1")
        with pytest.raises(RecordGone):
            harness.vendor.writer.update(harness.connection, harness.card_module, "1", harness.card(name="Nobody"))

    def test_an_id_that_is_none_is_refused_before_anything_is_sent(self, harness):
        for record_id in ("", "../calls", "1/../2", "1?x=1", "1\r\nX: 1", "١٢٣"):
            with pytest.raises(Refused, match="nothing was sent"):
                harness.vendor.reader.read(harness.connection, harness.card_module, record_id)

    def test_a_record_about_a_card_that_was_merged_away_says_so(self, harness):
        card = self.new_card(harness, phone="+33 1 99 00 11 26")
        harness.remove_card(card)
        with pytest.raises(RecordGone):
            harness.vendor.writer.create(harness.connection, harness.log_module, harness.log(card), marker=MARKER)

    def test_a_marked_record_is_found_again_and_another_marker_is_not(self, harness):
        values = harness.log(self.new_card(harness, phone="+33 1 99 00 11 27"))
        made = harness.vendor.writer.create(harness.connection, harness.log_module, values, marker=MARKER)
        harness.settle_lists()
        found = harness.vendor.look_up.look_for(harness.connection, self.sought(harness, harness.log_module, values))
        assert found is not None
        assert (found.id, found.url) == (made.id, made.url)
        for marker in ("DL-8F3K2M9R", MARKER[:-1], f"{MARKER}0"):
            other = self.sought(harness, harness.log_module, values, marker=marker)
            assert harness.vendor.look_up.look_for(harness.connection, other) is None, marker

    def test_a_marked_record_is_found_behind_many_newer_ones(self, harness):
        values = harness.log(self.new_card(harness, phone="+33 1 99 00 11 34"))
        made = harness.vendor.writer.create(harness.connection, harness.log_module, values, marker=MARKER)
        harness.bury(105)
        harness.settle_lists()
        found = harness.vendor.look_up.look_for(harness.connection, self.sought(harness, harness.log_module, values))
        assert found is not None
        assert found.id == made.id

    def test_a_marker_survives_an_update(self, harness):
        values = harness.log(self.new_card(harness, phone="+33 1 99 00 11 28"))
        made = harness.vendor.writer.create(harness.connection, harness.log_module, values, marker=MARKER)
        harness.vendor.writer.update(harness.connection, harness.log_module, made.id, values)
        harness.settle_lists()
        found = harness.vendor.look_up.look_for(harness.connection, self.sought(harness, harness.log_module, values))
        assert found is not None
        assert found.id == made.id

    def test_a_write_whose_answer_is_lost_is_unknown_and_is_found_afterwards(self, harness):
        values = harness.log(self.new_card(harness, phone="+33 1 99 00 11 29"))
        before = harness.count(harness.log_module)
        harness.lose_next_answer()
        with pytest.raises(OutcomeUnknown):
            harness.vendor.writer.create(harness.connection, harness.log_module, values, marker=MARKER)
        assert harness.count(harness.log_module) == before + 1, "nothing is written twice by itself"
        harness.settle_lists()
        assert harness.vendor.look_up.look_for(harness.connection, self.sought(harness, harness.log_module, values))

    def test_a_write_that_was_cut_before_it_arrived_is_unknown_and_is_not_found(self, harness):
        values = harness.log(self.new_card(harness, phone="+33 1 99 00 11 30"))
        harness.drop_next_write()
        with pytest.raises(OutcomeUnknown):
            harness.vendor.writer.create(harness.connection, harness.log_module, values, marker=MARKER)
        harness.settle_lists()
        assert (
            harness.vendor.look_up.look_for(harness.connection, self.sought(harness, harness.log_module, values))
            is None
        )

    def test_a_new_card_whose_answer_was_lost_is_found_afterwards(self, harness):
        values = harness.card(name="Lost Answer", phone="+33 1 99 00 11 31")
        harness.lose_next_answer()
        with pytest.raises(OutcomeUnknown):
            harness.vendor.writer.create(harness.connection, harness.card_module, values, marker=MARKER)
        harness.settle_lists()
        found = harness.vendor.look_up.look_for(harness.connection, self.sought(harness, harness.card_module, values))
        assert found is not None
        assert found.title == "Lost Answer"

    def test_a_reading_without_answer_can_be_done_again(self, harness):
        card = self.new_card(harness, phone="+33 1 99 00 11 32")
        harness.drop_next_reading()
        with pytest.raises(NotSent):
            harness.vendor.reader.read(harness.connection, harness.card_module, card)

    def test_a_refused_token_is_renewed_once_and_the_request_sent_once_more(self, harness):
        values = harness.log(self.new_card(harness, phone="+33 1 99 00 11 33"))
        before = harness.count(harness.log_module)
        harness.refuse_next_token()
        harness.vendor.writer.create(harness.connection, harness.log_module, values, marker=MARKER)
        assert harness.count(harness.log_module) == before + 1

    def test_what_would_be_refused_is_named_without_asking(self, harness):
        values = harness.log("1")
        assert harness.vendor.writer.validation_errors(harness.log_module, values) == {}
        validation_errors = harness.vendor.writer.validation_errors(harness.log_module, {})
        assert validation_errors
        assert set(validation_errors) <= set(values)

    def test_each_value_that_the_portal_requires_is_told_and_named_when_it_is_missing(self, harness):
        values = harness.log(self.new_card(harness, phone="+33 1 99 00 11 35"))
        told = harness.vendor.schema.fields(harness.connection, harness.log_module)
        required = {info.api_name for info in told if info.required}
        assert required
        before = harness.count(harness.log_module)
        for name in required:
            lacking = {key: value for key, value in values.items() if key != name}
            assert name in self.refused(harness, lacking), name
        assert harness.count(harness.log_module) == before

    def refused(self, harness: Harness, values: dict[str, object]) -> set[str]:
        """The fields at fault, said beforehand or by the vendor."""
        if validation_errors := harness.vendor.writer.validation_errors(harness.log_module, values):
            return set(validation_errors)
        with pytest.raises(Refused) as caught:
            harness.vendor.writer.create(harness.connection, harness.log_module, values, marker=MARKER)
        return set(caught.value.fields)

    def test_a_second_card_with_the_same_email_is_written_or_its_field_is_named(self, harness):
        first = self.new_card(harness, email="twice@contract.example")
        try:
            second = self.new_card(harness, email="twice@contract.example")
        except Refused as error:
            assert set(error.fields) == {"email"}  # noqa: PT017 - either is right
            return
        assert second != first

    def test_the_preset_has_a_card_and_a_record_about_it_that_the_vendor_takes(self, harness):
        objects = {entry.api_name: entry for entry in harness.vendor.schema.preset(harness.connection)}
        assert objects[harness.card_module].is_card
        assert not objects[harness.log_module].is_card
        for module, entry in objects.items():
            known = {info.api_name for info in harness.vendor.schema.fields(harness.connection, module)}
            assert {field.api_name for field in entry.fields if field.required} <= known
            assert all(field.template for field in entry.fields if field.required)
