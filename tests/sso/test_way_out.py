from __future__ import annotations

import pytest
from allauth.socialaccount.adapter import get_adapter


def test_allauth_itself_asks_nobody_since_its_session_has_neither_guard_nor_caps():
    with pytest.raises(RuntimeError, match=r"outbound\.http"):
        get_adapter().get_requests_session()
