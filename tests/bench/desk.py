"""From saving to the preview, at the desk: ``python -m tests.bench.desk REGION``. A record is changed on the disk, then its form is asked for."""

from __future__ import annotations

import datetime as dt
import gc
import statistics
import sys
import time
from pathlib import Path

from sitegen.desk import editing
from sitegen.desk.state import Desk
from sitegen.model.base import Level

_TIMES = 9


def main() -> None:
    """Print the median of wall and CPU seconds for a village's, a township's and the county's record."""
    gc.set_threshold(200_000, 50, 50)
    root = Path(sys.argv[1])
    desk = Desk(root, lambda: dt.date(2026, 11, 24))
    region = desk.region()
    print(f"{len(region.units)} units, {sum(len(u.records) for u in region.units.values())} records")
    for level in reversed(Level):
        unit = next(u for u in region.units.values() if u.level is level and len(u.records))
        id = unit.records[0].front.id
        walls, cpus = [], []
        for n in range(_TIMES):
            form = editing.open_record(desk, unit.code, id)
            values = {**form.values, "title": f"{form.values['title'].partition('（')[0]}（{n}）"}
            for row, cells in enumerate(form.grid.rows if form.grid else ()):
                values |= {f"c{row}.{c}": cell for c, cell in zip(form.grid.order if form.grid else (), cells, strict=True)}
            wall, cpu = time.perf_counter(), time.process_time()
            editing.save(desk, form, values, form.digest)
            again = editing.open_record(desk, unit.code, id)
            seen = editing.try_values(desk, again, {**again.values, **{k: v for k, v in values.items() if k.startswith("c")}})
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
            assert seen.seen is not None
        print(f"{level.zh}: {statistics.median(walls):.2f} s, {statistics.median(cpus):.2f} s CPU, at most {max(walls):.2f} s", flush=True)


if __name__ == "__main__":
    main()
