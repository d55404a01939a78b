from __future__ import annotations

from fakezoho.journal import KEPT, Journal


def test_entries_are_told_in_order_after_a_number_and_the_newest_of_them():
    journal = Journal()
    for number in range(5):
        journal.begin(float(number), "GET", "/", "")
    assert [entry["number"] for entry in journal.since(2)] == [3, 4, 5]
    assert [entry["number"] for entry in journal.since(0, 2)] == [4, 5]
    assert journal.since(5) == []


def test_the_journal_is_bounded_and_counts_on():
    journal = Journal()
    for _ in range(KEPT + 10):
        journal.begin(0.0, "GET", "/", "")
    assert len(journal.entries) == KEPT
    assert journal.count == KEPT + 10
    journal.clear()
    assert journal.begin(0.0, "GET", "/", "").number == KEPT + 11
