"""An Asterisk with a configuration, telephones and a carrier of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tests.telephony.laboratory.ami import Ami
from tests.telephony.laboratory.phone import Phone

HERE = Path(__file__).resolve().parent


class Pbx:
    """`root`: what image.build made. `number`: several may run side by side, each with a number of its own.

    `columns`: of Master.csv, 16, 18 or 21 (newcdrcolumns; then it writes UTC). `base`: the first of six UDP ports.
    """

    def __init__(self, root: Path, number: int, dialplan: str, columns: int, zone: str, base: int, ami: int) -> None:
        self.root, self.dialplan, self.columns, self.zone = root, dialplan, columns, zone
        self.inside = f"/lab/{number}"
        self.dir = root / self.inside.lstrip("/")
        self.sip, self.ami_port = base, ami
        rtp = 20000 + number * 400
        modules = sorted((root / "usr/lib").glob("**/asterisk/modules"))
        self.values = {
            "MODULES": "/" + str(modules[0].relative_to(root)),
            "DIR": self.inside,
            "SIP": base,
            "TRUNK": base + 5,
            "AMI": ami,
            "RTP0": rtp,
            "RTP1": rtp + 380,
            "UNANSWERED": "yes" if dialplan == "freepbx" else "no",
            "GMT": "yes" if columns == 21 else "no",
            "EXTRA": "no" if columns == 16 else "yes",
            "NEW": "yes" if columns == 21 else "no",
            **{f"P{n}": base + n - 200 for n in (201, 202, 203, 204)},
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.trunk = Phone("carrier", base + 5, base, ("X-Lab-Trunk: yes",))
        self.phones = {str(n): Phone(str(n), base + n - 200, base) for n in (201, 202, 203, 204)}

    def write(self) -> None:
        shutil.rmtree(self.dir, ignore_errors=True)
        for folder in ("etc", "lib", "spool", "run", "log/cdr-csv", "log/cdr-custom", "log/cel-custom", "moh"):
            (self.dir / folder).mkdir(parents=True)
        (self.root / "var/spool/asterisk/monitor").mkdir(parents=True, exist_ok=True)
        local = self.root / "etc/localtime"  # Asterisk does not look at TZ
        if not local.is_symlink() or os.readlink(local) != f"/usr/share/zoneinfo/{self.zone}":
            local.unlink(missing_ok=True)
            local.symlink_to(f"/usr/share/zoneinfo/{self.zone}")
        for source in sorted((HERE / "etc").glob("*.conf")):
            name = source.name
            if name.startswith("extensions-"):
                if name != f"extensions-{self.dialplan}.conf":
                    continue
                name = "extensions.conf"
            text = re.sub(r"@([A-Z0-9]+)@", lambda m: str(self.values[m[1]]), source.read_text())
            (self.dir / "etc" / name).write_text(text)

    def start(self) -> None:
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"}
        with (self.dir / "console").open("ab") as console:
            self.process = subprocess.Popen(
                ["chroot", str(self.root), "/usr/sbin/asterisk", "-f", "-C", f"{self.inside}/etc/asterisk.conf"],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        self.ready()

    def ready(self, seconds: float = 40) -> None:
        until = time.time() + seconds
        while time.time() < until:
            if self.process and self.process.poll() is not None:
                break
            try:
                ami = Ami(self.ami_port)
                if ami.wait("FullyBooted", 20):
                    ami.close()
                    time.sleep(0.3)
                    return
                ami.close()
            except OSError:
                time.sleep(0.2)
        raise TimeoutError("Asterisk does not start: " + str(self.dir / "log/messages"))

    def cli(self, command: str) -> str:
        done = subprocess.run(
            ["chroot", str(self.root), "/usr/sbin/asterisk", "-C", f"{self.inside}/etc/asterisk.conf", "-rx", command],
            capture_output=True,
            timeout=20,
            check=False,
        )
        return done.stdout.decode("utf-8", "replace")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.cli("core stop now")
            try:
                self.process.wait(8)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """As when the power goes."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(5)
