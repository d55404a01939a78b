"""What a check found, for people line by line, and for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from integrations.zoho_desk.probes.probe import NOTHING, Finding, Probe, Verdict

Result = tuple[Probe, Finding]


def line(probe: Probe, finding: Finding) -> str:
    text = f"{finding.verdict:<15} {probe.name}: {finding.answered}"
    if finding.verdict is not Verdict.DIFFERENT:
        return text
    return "\n".join((
        text,
        f"{'':16}assumed: {probe.assumed} (docs/zoho-facts.md {probe.section})",
        f"{'':16}to change: {change(probe, finding)}",
    ))  # fmt: skip


def summary(results: Sequence[Result]) -> str:
    counts = Counter(finding.verdict for _, finding in results)
    lines = [", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)]
    differing = [probe.name for probe, finding in results if finding.verdict is Verdict.DIFFERENT]
    if differing:
        lines.append(f"Zoho differs from what we assumed: {', '.join(differing)}.")
        to_do = [
            probe.name for probe, found in results if found.verdict is Verdict.DIFFERENT and _is_work(probe, found)
        ]
        lines.append(f"To change or to report: {', '.join(to_do)}." if to_do else "Nothing is to be changed here.")
    return "\n".join(lines)


def _is_work(probe: Probe, finding: Finding) -> bool:
    return not change(probe, finding).startswith(NOTHING)


def change(probe: Probe, finding: Finding) -> str:
    return finding.change or probe.change


def as_data(results: Sequence[Result]) -> dict[str, Any]:
    return {
        "findings": [
            {
                "name": probe.name,
                "section": probe.section,
                "assumed": probe.assumed,
                "verdict": str(finding.verdict),
                "answered": finding.answered,
                "change": change(probe, finding) if finding.verdict is Verdict.DIFFERENT else "",
            }
            for probe, finding in results
        ],
        "counts": {str(verdict): sum(f.verdict is verdict for _, f in results) for verdict in Verdict},
    }
