"""Each situation that two real Asterisks wrote down comes out as what happened, from every form of its file."""

from __future__ import annotations

import random

import pytest

from tests.telephony.comparison import errors, read
from tests.telephony.recordings import packed, recordings

ALL = list(recordings(packed()))


def test_there_are_all_of_them():
    assert len({(one.installation, one.situation) for one in ALL}) == 4 * 61 + 4 * 40 - 2


FILES = [
    pytest.param([one for one in ALL if (one.installation, one.form) == which], id="-".join(which))
    for which in sorted({(one.installation, one.form) for one in ALL})
]


@pytest.mark.parametrize("files", FILES)
def test_what_happened_is_read_from_its_rows(files):
    wrong = {str(one): found for one in files if (found := list(errors(one)))}
    assert wrong == {}


@pytest.mark.parametrize("files", FILES)
def test_the_order_of_its_rows_changes_nothing(files):
    for one in files:
        as_written = read(one.content, one.zone)
        for seed in range(5):
            assert read(one.content, one.zone, random.Random(seed)) == as_written, str(one)


@pytest.mark.parametrize("files", FILES)
def test_one_file_with_all_situations_is_read_like_each_alone(files):
    """One after another, as they were driven: channels' names begin anew with each restart."""
    alone = [call for one in files for call in read(one.content, one.zone)]
    together = b"".join(one.content if index == 0 else without_header(one) for index, one in enumerate(files))
    assert read(together, files[0].zone) == sorted(alone, key=lambda call: (call.started, call.ended))


def without_header(recording):
    lines = recording.content.splitlines(keepends=True)
    return b"".join(lines[1:] if recording.form in ("custom.csv", "sqlite.csv") else lines)
