"""The one door to MkDocs: page values in, a unit's tree out. Nothing else imports mkdocs.

MkDocs does its work (configuration, theme, Jinja environment, events); what made it slow for thousands of records is
taken out: pages are ready values and no navigation entries, the theme is scanned and its templates compiled once per process,
and the shell around a page is rendered once per section and depth, with slots that are filled per page.

The same module is the ``sitegen`` MkDocs plugin: ``mkdocs serve`` on the region's mkdocs.yml shows the county.
"""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.commands.build import get_context
from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from msgspec import Struct
from msgspec.structs import replace

from sitegen.contents import for_web
from sitegen.digests import digest_of
from sitegen.flat import Flat, paths
from sitegen.load.cache import cache_base
from sitegen.load.yamlfile import parse
from sitegen.model.views import UnitView
from sitegen.pictures import is_picture, stripped
from sitegen.resources import resource
from sitegen.search.texts import write_texts
from sitegen.site import hant
from sitegen.site.assets import ASSETS, assets, worded_scripts
from sitegen.site.frame import Frame, frame_of
from sitegen.site.kept import Made, Tree
from sitegen.site.pages import files as beside_pages
from sitegen.site.pages import pages, q_pages
from sitegen.site.shell import Shells
from sitegen.site.spec import FileSpec, PageSpec
from sitegen.templates import compiled

_SHOWN = ("template", "title", "section")
_IN_HEAD = tuple(name for name in PageSpec.__struct_fields__ if name not in (*_SHOWN, "data", "path", "files", "text"))
"""Of a page. Its place, the files beside it and what is for search alone are no part of it."""


def build_unit(
    view: UnitView, out: Path, region_root: Path, mkdocs_yml: Path | None = None, *, earlier: Path | None = None, base: str = ""
) -> Built:
    """Write a unit's trees, flat: ``out/site`` with its pages and ``out/q`` with its codes' pages. ``out`` must not exist.

    ``view`` must be filled (see :func:`sitegen.contents.fill`). ``region_root`` is where attachments are read from. What stands in
    ``earlier``, an ``out`` of before, is taken over where it is what would be made now; ``base`` is a digest of all that pages are made of
    besides the view: program, theme, catalogue.
    """
    made = Made(out, earlier, base)
    config = _config(mkdocs_yml or resource("mkdocs.yml"))
    plugin: SitegenPlugin = config.plugins["sitegen"]  # type: ignore[assignment]
    view = for_web(view)
    # That a record's content changed is told from the content itself: a list that shows nothing of it stays as it is.
    view = replace(view, records=tuple(replace(r, content_digest="") for r in view.records))
    plugin.view, plugin.region_root = view, region_root
    config.site_name = view.unit.name
    config.site_url = view.unit.url
    config.site_dir = str(out / "site")
    plugin.made, plugin.frame = made, frame_of(view)
    site = plugin.tree = made.tree("site")
    plugin.flat = site.flat
    plugin.frame_digest = digest_of(plugin.frame)
    mkdocs_build(config)
    if hant.asked(view):
        for name, source in worded_scripts().items():
            plugin.flat.write(f"{hant.FOLDER}/{ASSETS}/{name}", hant.words(source, view.traditional))
    for spec in plugin.beside:
        if not site.take(spec.path, made.parts(content=(spec.data, spec.make)), [spec.path]):
            plugin.flat.write(spec.path, spec.content())
    codes = made.tree("q")
    write_texts(view, plugin.specs, out / "texts")
    frame = ""
    for page in q_pages(view):
        frame = frame or digest_of(page.around)  # all of a unit's have it in common
        name = f"{page.path}/index.html"
        if not codes.take(name, made.parts(template=page.template, content=page.data, frame=frame), [name]):
            codes.flat.write(name, page.html)
    return made.close()


def record_page(view: UnitView, id: str, region_root: Path) -> dict[str, bytes]:
    """One record's page: see :func:`some_pages`. ``view`` needs the content of that record only. Raises ``KeyError`` where the unit has no such record."""
    return some_pages(view, {f"r/{view.record(id).slug}/"}, region_root)


def some_pages(view: UnitView, wanted: Collection[str], region_root: Path) -> dict[str, bytes]:
    """Those pages of the unit that are ``wanted``, by :attr:`PageSpec.path`, as :func:`build_unit` would write them: for a preview.

    Each is given by its path with the files beside it, pages first; what the unit does not have is left out. ``view`` needs the contents
    of what these pages show: of the records that are among them, and of all for ``data/``.
    """

    def only(shown: UnitView) -> list[PageSpec]:
        return [spec for spec in pages(shown) if spec.path in wanted]

    config = _config(resource("mkdocs.yml"))
    plugin: SitegenPlugin = config.plugins["sitegen"]  # type: ignore[assignment]
    view = for_web(view)
    plugin.view, plugin.region_root, plugin.make = view, region_root, only
    plugin.made, plugin.tree, plugin.frame = None, None, frame_of(view)
    config.site_name, config.site_url = view.unit.name, view.unit.url
    with tempfile.TemporaryDirectory(prefix="sitegen-page-") as folder:
        out = Path(folder) / "site"
        config.site_dir = str(out)
        plugin.flat = Flat(out)
        try:
            mkdocs_build(config)
        finally:
            plugin.make = None
        plugin.flat.close()
        made = {path: (out / str(n)).read_bytes() for n, path in enumerate(paths(out))}
    return dict(sorted(made.items(), key=lambda one: not one[0].endswith("index.html")))


Built = dict[str, tuple[str, ...]]
"""By path, ``site/…`` or ``q/…``: why a page or file was built."""


class StoredFile(File):
    """A file that is written into a flat tree."""

    flat: Flat | None = None
    _place: str | None = None

    @property
    def abs_dest_path(self) -> str:
        """Where MkDocs writes it."""
        if self.flat is None:
            return super().abs_dest_path
        if self._place is None:
            self._place = self.flat.place(self.dest_uri)
        return self._place


class UnitPage(Page):
    """A page whose content is ready: MkDocs neither reads nor converts anything."""

    def __init__(self, spec: PageSpec, file: File, config: MkDocsConfig) -> None:
        super().__init__(spec.title, file, config)
        self.spec = spec

    def _set_canonical_url(self, base: str | None) -> None:
        """Of no use: the head of a page is filled with its own address."""
        self.canonical_url = self.abs_url = None

    def read_source(self, config: MkDocsConfig) -> None:
        """There is no source."""
        self.markdown = ""

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """The content is made with the page's template, when the shell is filled."""
        self.content = ""


class _Settings(MkDocsConfig):  # type: ignore[no-untyped-call]
    """MkDocs' own, but for what pages that are ready do not need: no Markdown is read, and no extension of it looked for."""

    markdown_extensions = option.MarkdownExtensions(builtins=[])


class _Plugin(Config):  # type: ignore[no-untyped-call]
    region = option.Type(str, default="")
    unit = option.Type(str, default="")
    date = option.Type(str, default="")


class SitegenPlugin(BasePlugin[_Plugin]):  # type: ignore[no-untyped-call]
    """Gives a unit's pages to MkDocs. Under ``mkdocs serve`` it loads the region itself."""

    view: UnitView | None = None
    specs: Sequence[PageSpec] = ()
    region_root: Path = Path()
    preview = True
    flat: Flat | None = None
    make: Callable[[UnitView], Sequence[PageSpec]] | None = None
    """Makes the pages that are wanted, where not the whole site is: then there are no files beside them either."""
    made: Made | None = None
    tree: Tree | None = None
    frame: Frame | None = None
    frame_digest = ""
    beside: Sequence[FileSpec] = ()
    """Files beside the pages, which MkDocs has no part in; in a preview it copies them."""
    wanted: Sequence[PageSpec] = ()
    """Pages to be written. In a preview MkDocs writes them, else :meth:`on_env`: to MkDocs a page is a file, an address and a place in its
    navigation, which together cost a quarter of what the page itself does."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Load the region when MkDocs was started on its own."""
        if self.preview:
            base = Path(config.config_file_path or "mkdocs.yml").parent
            self.region_root = (base / self.config.region).resolve()
            self.view = _load_view(self.region_root, self.config.unit, self.config.date)
            config.site_name = self.view.unit.name
            config.theme.static_templates = set()  # they extend the shell, which needs a page
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Replace whatever MkDocs found by the unit's pages and attachments."""
        assert self.view is not None
        made = [self._file(config, f"{ASSETS}/{name}", abs_src_path=str(source)) for source, name in assets()] if self.preview else []
        written: set[str] = set()
        self.specs = (self.make or pages)(self.view)
        wanted = []
        for spec in self.specs:
            if spec.path in written:
                raise ValueError(f"{self.view.unit.url}{spec.path} has two sources")
            written.add(spec.path)
            if self.preview:
                made.append(_page(spec, config).file)
            elif not self._taken(spec):
                wanted.append(spec)
            for a in spec.files:
                uri = spec.path + a.href
                if uri not in written:  # an image may stand twice in a text
                    written.add(uri)
                    if self.tree is None or not self.tree.take(uri, {"content": a.digest}, [uri]):
                        made.append(self._copied(config, uri, self.region_root / a.source))
        self.wanted = wanted
        self.beside = () if self.make else beside_pages(self.view, self.specs)
        for one in self.beside:
            if one.path in written or f"{one.path}/" in written:
                raise ValueError(f"{self.view.unit.url}{one.path} has two sources")
            written.add(one.path)
            if self.preview:
                made.append(self._file(config, one.path, content=one.content()))
        return Files(made)

    def _taken(self, spec: PageSpec) -> bool:
        """Whether the page is taken over from the last build, in both its forms."""
        if self.made is None or self.tree is None or self.view is None:
            return False
        parts = self.made.parts(**_parts(spec))
        if parts is not None:
            parts = {**parts, "frame": self.frame_digest}
        names = [f"{spec.path}index.html"]
        if hant.asked(self.view) and hant.turns(spec):
            names.append(f"{hant.FOLDER}/{spec.path}index.html")
        return self.tree.take(spec.path, parts, names)

    def _file(self, config: MkDocsConfig, uri: str, **source: Any) -> File:
        file = StoredFile.generated(config, uri, inclusion=InclusionLevel.NOT_IN_NAV, **source)
        assert isinstance(file, StoredFile)
        file.flat = self.flat
        return file

    def _copied(self, config: MkDocsConfig, uri: str, source: Path) -> File:
        """A file as it is; a picture without its metadata."""
        if is_picture(source.name):
            data = source.read_bytes()
            clean = stripped(data)
            if clean != data:
                return self._file(config, uri, content=clean)
        return self._file(config, uri, abs_src_path=str(source))

    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """Records are never navigation entries, and the theme draws its own header."""
        return Navigation([], [])

    def on_env(self, env: jinja2.Environment, config: MkDocsConfig, files: Files) -> Any:
        """Put the shell in the place of ``main.html``, and write the pages."""
        assert self.view is not None

        def context(spec: PageSpec) -> Mapping[str, Any]:
            return get_context(Navigation([], []), Files([]), config, _page(spec, config))

        shells = Shells(env, self.frame or frame_of(self.view), context)
        if self.flat is not None:
            for spec in self.wanted:
                html, turned = shells.page(spec)
                if turned is not None:
                    self.flat.write(f"{hant.FOLDER}/{spec.path}index.html", turned)
                self.flat.write(f"{spec.path}index.html", html)
        return shells


def _page(spec: PageSpec, config: MkDocsConfig) -> UnitPage:
    return UnitPage(spec, StoredFile.generated(config, f"{spec.path}index.md", inclusion=InclusionLevel.NOT_IN_NAV, content=""), config)


def _parts(spec: PageSpec) -> dict[str, Any]:
    """What a page is made of, besides what stands around every page: what it shows by name, and what its head says."""
    made: dict[str, Any] = {name: getattr(spec, name) for name in _SHOWN}
    made["head"] = [getattr(spec, name) for name in _IN_HEAD]
    if isinstance(spec.data, Struct):
        made |= {f"shows {name}": getattr(spec.data, name) for name in spec.data.__struct_fields__}
    else:
        made["data"] = spec.data
    return made


def _empty() -> str:
    """A folder of documents with nothing in it, which MkDocs asks for."""
    folder = cache_base() / "no-documents"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return tempfile.mkdtemp(prefix="sitegen-docs-")
    return str(folder)


@cache
def _config(mkdocs_yml: Path) -> MkDocsConfig:
    """One configuration per process; only name, address and folder change from unit to unit."""
    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    config = _Settings(config_file_path=str(mkdocs_yml))
    values = parse(mkdocs_yml.read_text(encoding="utf-8")).data
    empty = _empty()
    values.update(docs_dir=empty, site_name="sitegen", site_dir=empty + "-site", plugins=[])
    values["theme"]["custom_dir"] = str(resource("themes/board"))
    config.load_dict(values)
    errors, _ = config.validate()
    if errors:
        raise RuntimeError(f"{mkdocs_yml}: {errors[0][0]}: {errors[0][1]}")
    plugin = SitegenPlugin()
    plugin.load_config({}, config_file_path=str(mkdocs_yml))
    plugin.preview = False
    config.plugins["sitegen"] = plugin
    config.theme.static_templates = set()
    env = config.theme.get_env()
    env.auto_reload = False
    env.bytecode_cache = compiled()
    env.list_templates = lambda *args, **kwargs: []  # type: ignore[method-assign]
    config.theme.get_env = lambda: env  # type: ignore[method-assign]
    return config


def _load_view(root: Path, unit: str, date: str) -> UnitView:
    from sitegen.contents import fill, job
    from sitegen.load.region import load_region
    from sitegen.model.linking import find_matters
    from sitegen.view import plan

    region = load_region(root)
    made = plan(region, find_matters(region), dt.date.fromisoformat(date) if date else dt.date.today())
    return for_web(fill(job(region, made, unit or next(iter(region.units))), region.catalog))
