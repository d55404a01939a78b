"""How the house is built: nothing that `lint-imports` sees, but what it does not ask."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import grimp

ROOMS = (
    "core", "outbound", "integrations", "maker", "users", "authmethods", "sso", "crm", "interactions", "telephony",
    "banner", "config", "demo", "fakezoho",
)  # fmt: skip


def test_no_module_imports_one_that_imports_it_back():
    graph = grimp.build_graph(*ROOMS)
    order = TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules})
    try:
        order.prepare()
    except CycleError as circle:
        raise AssertionError(f"These import each other: {' -> '.join(circle.args[1])}") from None
