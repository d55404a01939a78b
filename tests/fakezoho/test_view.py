from __future__ import annotations

from fakezoho.module import WAITING, Module, View


def record(number, **values):
    return {"id": f"10000000000000{number:04d}", **values}


def test_an_early_write_that_arrives_late_does_not_undo_a_newer_one():
    view = View()
    first, second = record(1, subject="old"), record(1, subject="new")
    view.write(60.0, first["id"], first)
    view.write(1.0, second["id"], second)
    assert view.read(2.0) == {first["id"]: second}
    assert view.read(61.0) == {first["id"]: second}


def test_a_removal_is_not_undone_by_a_write_before_it():
    view = View()
    view.write(60.0, record(1)["id"], record(1))
    view.write(1.0, record(1)["id"], None)
    assert view.read(61.0) == {}


def test_records_that_are_seen_late_stand_where_they_were_made():
    view = View()
    view.write(60.0, record(1)["id"], record(1))
    view.write(1.0, record(2)["id"], record(2))
    assert list(view.read(2.0)) == [record(2)["id"]]
    assert list(view.read(61.0)) == [record(1)["id"], record(2)["id"]]


def test_what_waits_is_not_gone_through_at_each_reading():
    view = View()
    for number in range(1000):
        view.write(100.0, record(number)["id"], record(number))
    waiting = view.pending
    view.read(1.0)
    assert view.pending is waiting
    assert len(waiting) == 1000


def test_the_index_follows_what_is_seen_and_not_what_is_written():
    module = Module(("subject",))
    module.put(record(1, subject="Alpha call"), 0.0, search_lag=10)
    assert module.searchable.candidates(1.0, ("alpha",)) == set()
    assert module.searchable.candidates(11.0, ("alpha",)) == {record(1)["id"]}
    module.put(record(1, subject="Omega call"), 12.0, search_lag=10)
    assert module.searchable.candidates(13.0, ("alpha",)) == {record(1)["id"]}
    assert module.searchable.candidates(23.0, ("alpha",)) == set()
    assert module.searchable.candidates(23.0, ("omega", "alpha")) == {record(1)["id"]}
    module.remove(record(1)["id"], 24.0)
    assert module.searchable.candidates(25.0, ("omega",)) == set()


def test_a_text_that_is_too_short_for_the_index_narrows_nothing():
    module = Module(("subject",))
    module.put(record(1, subject="ab"), 0.0)
    assert module.searchable.candidates(1.0, ("ab",)) is None
    assert module.searchable.candidates(1.0, ("ab", "abc")) is None


def test_writes_do_not_pile_up_until_somebody_searches_or_lists():
    module = Module(("subject",))
    for number in range(3 * WAITING):
        module.put(record(number, subject="Alpha call"), float(number), search_lag=3.0)
    module.remove(record(0)["id"], 3.0 * WAITING, search_lag=3.0)
    assert len(module.searchable.pending) <= WAITING
    assert len(module.listable.pending) <= WAITING
