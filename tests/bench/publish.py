"""One changed record of the demo county to a host by FTP on the loopback: how long, and how many transfers.

``python -m tests.bench.publish``. The server runs in this process, so its time is counted as well.
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
            server.target = server.target.model_copy(update={"host": HOST})
            record = root / "villages/qinghe-zhen/dahe/records/2026-0019.md"
            for what in ("all of it", "nothing changed", "one record changed"):
                if what == "one record changed":
                    record.write_text(f"{record.read_text(encoding='utf-8')}\n竞价当天请带身份证件。\n", encoding="utf-8")
                build(Options(root, root / "public", DAY, jobs=2))
                state = root / "public" / ".store" / "state.json"
                state.write_text(json.dumps(json.loads(state.read_text(encoding="utf-8")) | {"unreleased": []}), encoding="utf-8")
                before, started = len(server.transfers), time.perf_counter()
                done = publish(Order(root, root / "public", base / "memory", server.target, server.secret, DAY))
                took = time.perf_counter() - started
                print(
                    f"{what:>20}: {took:5.2f} s, {done.sent:5} files, {len(server.transfers) - before:5} transfers up, {done.bytes / 1e6:5.1f} MB"
                )


if __name__ == "__main__":
    main()
