"""Drives situations and keeps what Asterisk wrote of each, with its truth."""

from __future__ import annotations

import contextlib
import csv
import fcntl
import json
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from tests.telephony.laboratory.pbx import Pbx
from tests.telephony.laboratory.situations.catalogue import SITUATIONS, Laboratory

CUSTOM = (
    "start,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,accountcode,"
    "uniqueid,userfield,did,recordingfile,cnum,cnam,linkedid,peeraccount,sequence\n"
)


def record(pbx: Pbx, name: str, out: Path, version: str) -> str:
    """Drives one situation and writes its files into `out`. Returns "ok", or what went wrong."""
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    all_forms = pbx.columns == 21
    verdict = "ok"
    truth: list[dict[str, Any]] = []
    (folder / "ami.txt").unlink(missing_ok=True)
    laboratory = Laboratory(pbx, folder / "ami.txt" if all_forms else None)
    try:
        truth = SITUATIONS[name].drive(laboratory)
    except Exception as problem:  # noqa: BLE001 - the others go on
        verdict = f"BROKEN {type(problem).__name__}: {problem}"
    finally:
        verdict += hang_up(pbx)
        laboratory.close()
    form = "Master-new.csv" if all_forms else "Master.csv"
    take_files(pbx.dir / "log", folder, form, all_forms)
    with (out / ".lock").open("w") as lock:  # another process may write the other columns
        fcntl.flock(lock, fcntl.LOCK_EX)
        write_truth(pbx, name, folder / "truth.json", form, truth, version)
    return verdict


def hang_up(pbx: Pbx) -> str:
    """Ends what is left of a situation. Returns what would not end."""
    time.sleep(0.6)  # Asterisk ends the legs that still ring
    for phone in (pbx.trunk, *pbx.phones.values()):
        phone.auto = None
        for dialog in [one for one in phone.calls.values() if not one.over.is_set()]:
            if dialog.up.is_set():
                dialog.bye()
            elif dialog.incoming:
                dialog.reject(480, "Temporarily Unavailable")
            else:
                dialog.cancel()
        phone.came.clear()
        phone.calls.clear()
    left = ""
    for _ in range(40):
        if "0 active channels" in pbx.cli("core show channels count"):
            break
        time.sleep(0.2)
    else:
        pbx.cli("channel request hangup all")
        left = " (channels were left)"
    time.sleep(1)  # Asterisk writes its files
    return left


def take_files(log: Path, folder: Path, form: str, all_forms: bool) -> None:
    """Moves what Asterisk wrote into `folder`; of a drive without `all_forms` only Master.csv."""
    move(log / "cdr-csv/Master.csv", folder / form)
    move(log / "cel-custom/cel.csv", folder / "cel.csv" if all_forms else None)
    move(log / "cdr-custom/custom.csv", folder / "custom.csv" if all_forms else None, CUSTOM)
    queue_log, table = log / "queue_log", log / "master.db"
    if queue_log.exists():
        lines = [line for line in queue_log.read_bytes().splitlines(True) if b"QUEUESTART" not in line]
        if lines and all_forms:
            (folder / "queue_log.txt").write_bytes(b"".join(lines))
        os.truncate(queue_log, 0)  # Asterisk holds this file open
    if table.exists():
        take_table(table, folder / "sqlite.csv" if all_forms else None)


def move(source: Path, target: Path | None, head: str = "") -> None:
    if target:
        target.write_bytes(head.encode() + (source.read_bytes() if source.exists() else b""))
    source.unlink(missing_ok=True)


def take_table(source: Path, target: Path | None) -> None:
    with contextlib.closing(sqlite3.connect(source, timeout=5)) as base, contextlib.suppress(sqlite3.OperationalError):
        base.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        rows = base.execute("select * from cdr")
        names = [column[0] for column in rows.description]
        found = rows.fetchall()
        if found and target:
            with target.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
                csv.writer(file, lineterminator="\n").writerows([names, *found])
        base.execute("delete from cdr")
        base.commit()


def write_truth(pbx: Pbx, name: str, file: Path, form: str, truth: list[dict[str, Any]], version: str) -> None:
    whole = json.loads(file.read_text()) if file.exists() else {}
    whole |= {
        "scenario": name,
        "what": SITUATIONS[name].what,
        "cdr_alone": SITUATIONS[name].cdr_alone,
        "asterisk": version,
        "dialplan": pbx.dialplan,
        "pbx_timezone": pbx.zone,
    }
    whole.setdefault("runs", {})[form] = {
        "columns": pbx.columns,
        "timezone": "UTC" if pbx.columns == 21 else pbx.zone,
        "interactions": truth,
    }
    file.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
