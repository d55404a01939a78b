"""A root file system with Asterisk, of Debian's packages."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path


def mirror() -> tuple[str, str]:
    """The first Debian archive among the machine's apt sources, and its keyring if it names one."""
    places = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    for place in places:
        if not place.is_file():
            continue
        text = "\n".join(line for line in place.read_text().splitlines() if not line.lstrip().startswith("#"))
        for stanza in re.split(r"\n\s*\n", text):  # deb822
            uri = re.search(r"^URIs:\s*(\S+)", stanza, re.M)
            key = re.search(r"^Signed-By:\s*(/\S+)", stanza, re.M)
            if uri and re.search(r"/debian/?$", uri[1]):
                return uri[1], key[1] if key else ""
        for uri in re.findall(r"^deb\s+(?:\[[^]]*\]\s+)?(\S+)", text, re.M):
            if re.search(r"/debian/?$", uri):
                return uri, ""
    raise LookupError("No Debian archive among the apt sources of this machine.")


def build(target: Path, suite: str) -> None:
    """Needs root and mmdebstrap. `suite`: a Debian release that has Asterisk, bullseye (16) or sid (22), 2026-11."""
    uri, key = mirror()
    command = [
        "mmdebstrap",
        "--variant=minbase",
        '--aptopt=Acquire::Check-Valid-Until "false"',
        "--include=asterisk,asterisk-config,asterisk-core-sounds-en-gsm,tzdata"
        + (",asterisk-voicemail" if suite == "bullseye" else ""),  # since then in asterisk-modules
    ]
    command += [f"--keyring={key}"] if key else []
    subprocess.run([*command, suite, str(target), uri], check=True)


def version(target: Path) -> str:
    said = subprocess.run(
        ["chroot", str(target), "/usr/sbin/asterisk", "-V"], capture_output=True, text=True, check=True
    )
    found = re.search(r"[0-9]+\.[0-9]+\.[0-9]+", said.stdout)
    assert found, said.stdout
    return found[0]
