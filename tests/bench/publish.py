"""The demo county to a host by FTP on the loopback: how long all of it takes, a new record, corrections, and how many transfers.

``python -m tests.bench.publish``. The server runs in this process, so its time is counted as well. One correction is of a record that the newest
lists still have, the other of one that was published last year; both are revisions, of which their pages say why.
"""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from sitegen.build import Options, build
from sitegen.publish import Order, publish
from tests.demo import DAY, ROOT
from tests.publish import servers

HOST = "gk.qinghe.example.cn"


def main() -> None:
    with TemporaryDirectory(prefix="sitegen-bench-") as name:
        base = Path(name)
        root = base / "region"
        for part in ("content", "villages"):
            shutil.copytree(ROOT / part, root / part)
        for part in ("region.yml", "milestones.yml"):
            shutil.copyfile(ROOT / part, root / part)
        with servers.ftp(base / "there") as server:
            server.target = server.target.model_copy(update={"host": HOST, "spellings": None})  # codes in small letters too, as by default
            folder = root / "villages/qinghe-zhen/dahe/records"
            notice = (folder / "2026-0019.md").read_text(encoding="utf-8")
            for what in ("all of it", "nothing changed", "a new record", "a newer one corrected", "one of last year corrected"):
                if what == "a new record":
                    fresh = notice.replace("id: 2026-0019", "id: 2026-0919").replace("title: ", "title: 补充说明：", 1)
                    (folder / "2026-0919.md").write_text(fresh.replace("published: 2026-11-18", f"published: {DAY}"), encoding="utf-8")
                if what == "a newer one corrected":
                    # A revision of its own: what changes without one is held back.
                    revised = notice.replace("summary: ", f"revision: {{n: 2, on: {DAY}, why: 补充竞价当天要带的证件}}\nsummary: ", 1)
                    assert revised != notice
                    (folder / "2026-0019.md").write_text(f"{revised}\n竞价当天请带身份证件。\n", encoding="utf-8")
                if what == "one of last year corrected":
                    record = root / "villages/chengguan/xinhua/records/2025-0001.md"
                    was = record.read_text(encoding="utf-8")
                    now = was.replace("阀门锈死7户", "阀门锈死6户").replace(
                        "scope: ", f"revision: {{n: 2, on: {DAY}, why: 户数写错了}}\nscope: "
                    )
                    record.write_text(now, encoding="utf-8")
                build(Options(root, root / "public", DAY, jobs=2))
                state = root / "public" / ".store" / "state.json"
                state.write_text(json.dumps(json.loads(state.read_text(encoding="utf-8")) | {"unreleased": []}), encoding="utf-8")
                before, started, cpu = len(server.transfers), time.perf_counter(), time.process_time()
                done = publish(Order(root, root / "public", base / "memory", server.target, server.secret, DAY))
                took, cpu = time.perf_counter() - started, time.process_time() - cpu
                up = len(server.transfers) - before
                print(f"{what:>26}: {took:5.2f} s, {cpu:5.2f} s CPU, {done.sent:5} files, {up:5} transfers up, {done.bytes / 1e6:5.2f} MB")
                print(f"{'':>26}  {', '.join(f'{name} {count}' for name, count, _ in done.phases)}")


if __name__ == "__main__":
    main()
