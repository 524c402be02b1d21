"""Renders sample views into a host's tree, as a build would, so that tests and people can look at the pages.

``python -m tests.site.render DIR`` writes the samples below DIR; serve it with ``python -m http.server -d DIR``.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from pathlib import Path

from sitegen.assemble import write_as_of
from sitegen.flat import unfold
from sitegen.model.views import UnitView
from sitegen.search.hosts import search_parts
from sitegen.site.assets import write_assets
from sitegen.site.engine import build_unit
from sitegen.site.hosts import all_hosted
from tests.site import samples


def render(views: tuple[UnitView, ...], out: Path) -> None:
    """Write the units' pages, their codes' pages and the assets below ``out``; attachments are made up."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        keys = {view.unit.code: "x" for view in views}
        for view in views:
            place = root / "units" / view.unit.code / "x"
            for content in view.contents.values():
                for a in (*content.attachments, *content.images, *(f for m in content.media for f in m.files)):
                    (root / a.source).parent.mkdir(parents=True, exist_ok=True)
                    (root / a.source).write_bytes(b"sample")
            build_unit(view, place, root)
            unfold(place / "site", out / view.path)
            unfold(place / "q", out / "Q")
        for _, (path, folder) in search_parts(root, all_hosted({view.unit.code: view for view in views}), keys):
            unfold(root / folder, out / path)
        write_assets(root / "assets")
        unfold(root / "assets", out / "assets")
        write_as_of(root / "asof", dt.date(2026, 11, 24))
        unfold(root / "asof", out / "Q")
        unfold(root / "asof", out)


def render_samples(out: Path) -> None:
    """County, township, village and neighbourhood under one host."""
    render((samples.county(), samples.township(), samples.village(), samples.community()), out)


if __name__ == "__main__":
    render_samples(Path(sys.argv[1]))
