"""Pictures of the sheets' layouts for docs/sheets.md, from the demo county: ``python tools/sheet_pictures.py``."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image

from sitegen.contents import fill, job
from sitegen.model.views import UnitView
from sitegen.printing import planned
from sitegen.sheet import Format, render, sheet_spec
from sitegen.sheet.extras import Extra, pieces, set_piece
from sitegen.sheet.guides import guide_spec

ROOT = Path(__file__).parent.parent
WIDTH, README = 460, 716
SHEETS = (
    ("readme", "大河村", "g2dfs0c52s", Format("A3")),
    ("notice", "大河村", "2026-0020", Format("A3")),
    ("list", "青禾镇", "", Format("A3")),
    ("accounts", "大河村", "2026-0016", Format("A3")),
    ("resolution", "大河村", "2026-0012", Format("A3")),
    ("document", "青禾县", "2026-0003", Format("A4")),
    ("accounts-bw", "大河村", "2026-0015", Format("A3", bw=True)),
)
EXTRAS: tuple[tuple[Extra, str, Format, int], ...] = (
    ("poster", "大河村", Format("A3"), 0),
    ("catalogue", "大河村", Format("A3"), 0),
    ("handbook", "青禾县", Format("A4"), 4),
)


def main() -> None:
    """Write them."""
    for name, pdf, page in _pictures():
        picture = pypdfium2.PdfDocument(pdf)[page].render(scale=2).to_pil().convert("RGB")
        width = README if name == "readme" else WIDTH
        picture.thumbnail((width, width * 2), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        picture.quantize(64).save(out, "PNG", optimize=True)
        (ROOT / "docs" / "images" / ("sheet.png" if name == "readme" else f"sheet-{name}.png")).write_bytes(out.getvalue())


def _pictures() -> Iterator[tuple[str, bytes, int]]:
    found = planned(ROOT, dt.date(2026, 11, 24))

    def view(name: str) -> UnitView:
        code = found.region.named(name)[0].code
        return fill(job(found.region, found.plan, code), found.region.catalog)

    for name, unit, record, form in SHEETS:
        shown = view(unit)
        specs = [s for r in shown.records if r.on_board and (s := sheet_spec(shown, r))]
        layout = name.partition("-")[0]
        spec = next((s for s in specs if s.record == record), None) or next(s for s in specs if s.layout == layout)
        yield name, render(spec, form, ROOT).pdf, 0
    county = view("青禾县")
    yield "service", render(guide_spec(county, county.services.guides[11]), Format("A4"), ROOT).pdf, 0
    for extra, unit, form, page in EXTRAS:
        yield extra, set_piece(next(pieces(view(unit), extra, form)), form, ROOT)[0], page


if __name__ == "__main__":
    main()
