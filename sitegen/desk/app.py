"""The desk's pages: what the browser asks for, handed to what does it, shown with a template. No logic."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sitegen.boards import round_words
from sitegen.drafting.items import narrow, offered
from sitegen.drafting.propose import Known, propose
from sitegen.drafting.writing import Taken
from sitegen.ledger import Busy, Damaged, Moved
from sitegen.load.region import NoRegion
from sitegen.model.finding import Severity
from sitegen.site.assets import asset
from sitegen.templates import environment
from sitegen.today import steps
from sitegen.workbook.intake import ChangedMeanwhile, NotReady

from . import acts, editing, forms, uploads
from .guard import Guard
from .rows import Grid, empty, typed
from .state import Desk, Nothing

_HERE = Path(__file__).parent
Form = Mapping[str, Any]
Answer = Callable[["Pages", Request, Form], Response]


def make_app(desk: Desk, token: str, hosts: frozenset[str]) -> Guard:
    """The whole application behind its guard."""
    pages = Pages(desk, token)
    routes = [
        Route("/", pages.at(Pages.home)),
        Route("/u/{unit}/", pages.at(Pages.unit)),
        Route("/u/{unit}/new/", pages.at(Pages.choose)),
        Route("/u/{unit}/new/{item}/", pages.at(Pages.new), methods=["GET", "POST"]),
        Route("/u/{unit}/new/{item}/try", pages.at(Pages.try_new), methods=["POST"]),
        Route("/u/{unit}/r/{id}/", pages.at(Pages.record), methods=["GET", "POST"]),
        Route("/u/{unit}/r/{id}/try", pages.at(Pages.try_record), methods=["POST"]),
        Route("/u/{unit}/r/{id}/release", pages.at(Pages.release), methods=["POST"]),
        Route("/u/{unit}/r/{id}/withdraw", pages.at(Pages.withdraw), methods=["POST"]),
        Route("/u/{unit}/r/{id}/attach", pages.at(Pages.attach), methods=["POST"]),
        Route("/u/{unit}/r/{id}/print", pages.at(Pages.print), methods=["POST"]),
        Route("/u/{unit}/excel/", pages.at(Pages.excel), methods=["GET", "POST"]),
        Route("/u/{unit}/excel/{key}/", pages.at(Pages.intake), methods=["GET", "POST"]),
        Route("/u/{unit}/template/{item}.xlsx", pages.at(Pages.template)),
        Route("/u/{unit}/board/", pages.at(Pages.board), methods=["GET", "POST"]),
        Route("/out/{folder}/{name}", pages.at(Pages.paper)),
        Route("/seen/{key}/{path:path}", pages.at(Pages.seen)),
        Route("/sheet/{key}/{n:int}.svg", pages.at(Pages.sheet)),
        Mount("/static", StaticFiles(directory=_HERE / "static")),
    ]
    return Guard(Starlette(routes=routes), token, hosts)


class Pages:
    """One method for each address."""

    def __init__(self, desk: Desk, token: str) -> None:
        self.desk, self.top = desk, f"/{token}"
        self.uploads = uploads.Uploads()
        self.env = environment(_HERE / "pages")
        self.env.globals.update(top=self.top, desk=desk, say=lambda one: one.say("zh"), severity=Severity, plain=forms.plain)

    def at(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint of a method: its form is read first, then it runs beside the others; what it cannot do is said on a page."""

        @functools.wraps(answer)
        async def endpoint(request: Request) -> Response:
            form: dict[str, Any] = {}
            if request.method == "POST":
                async with request.form(max_files=4, max_fields=20_000, max_part_size=4_000_000) as got:
                    for name, value in got.multi_items():
                        form[name] = (value.filename or "", await value.read()) if isinstance(value, UploadFile) else value
            return await run_in_threadpool(self._safely, answer, request, form)

        return endpoint

    def _safely(self, answer: Answer, request: Request, form: Form) -> Response:
        try:
            return answer(self, request, form)
        except Nothing:
            return self.page("sorry.html", status=404, title="没有这一页", text="它可能刚被别人改名或者删掉了。", findings=())
        except NoRegion as error:
            return self.page("sorry.html", status=409, title="现在打不开", text="有一个文件改坏了，先把它改好：", findings=error.findings)
        except (Busy, Moved):
            return self.page("sorry.html", status=409, title="请再试一次", text="台账正在被另一处写入，这次什么都没有写。", findings=())
        except Damaged as error:
            return self.page("sorry.html", status=409, title="台账坏了", text=f"{error.path}：用 sitegen check 看怎么修。", findings=())
        except OSError as error:
            text = f"{error.filename or ''}：{error.strerror or error}"
            return self.page("sorry.html", status=409, title="文件读写不了", text=text, findings=())

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A template, filled."""
        return HTMLResponse(self.env.get_template(template).render(**values), status)

    def away(self, path: str, said: str = "") -> RedirectResponse:
        """On to another page after something was done, so that reloading does not do it again."""
        return RedirectResponse(f"{self.top}{path}{f'?said={quote(said)}' if said else ''}", 303)

    # ---- Units.

    def home(self, request: Request, form: Form) -> Response:
        units = self.desk.units()
        if len(units) == 1:
            return self.away(f"/u/{units[0].code}/")
        typed = request.query_params.get("q", "").strip()
        found = [u for u in units if not typed or typed in u.data.name or u.code.startswith(typed)]
        return self.page("home.html", title=self.desk.region().data.name, units=found, typed=typed, today=self.desk.today())

    def unit(self, request: Request, form: Form) -> Response:
        code = request.path_params["unit"]
        part = self.desk.part(code)
        found = steps(part)
        asked = request.query_params.get("q", "").strip()
        waiting = set(part.plan.unreleased)
        wrong = {f.record for f in part.findings if f.severity is Severity.ERROR}
        records = sorted(part.unit.records, key=lambda r: (r.front.published, r.front.id), reverse=True)
        if asked:
            records = [r for r in records if asked in r.front.title or asked in r.front.id]
        taken = {r.front.id for r in records[:40] if part.unit.ledger.withdrawn((part.unit.code, r.front.id))}
        rows = [(r, _state(part.unit.code, r.front.id, waiting, wrong, taken)) for r in records[:40]]
        derived = [r for r in part.view.records if r.source is not None]
        return self.page(
            "unit.html", title=part.unit.data.name, unit=part.unit, steps=found, rows=rows, count=len(records), typed=asked, derived=derived,
            today=self.desk.today(), said=request.query_params.get("said", ""), one=len(self.desk.units()) == 1,
        )  # fmt: skip

    # ---- Records.

    def choose(self, request: Request, form: Form) -> Response:
        unit = self.desk.unit(request.path_params["unit"])
        catalog = self.desk.region().catalog
        typed = request.query_params.get("q", "")
        pairs = {k: v for k, v in request.query_params.items() if k in forms.PAIRS}
        items = narrow(offered(catalog, unit), typed, catalog)
        return self.page(
            "choose.html", title="新写一条", unit=unit, items=items, field_of=catalog.field_of, typed=typed, pairs=pairs, said="",
            known={r.front.item for r in unit.records},
        )  # fmt: skip

    def _new(self, request: Request) -> editing.Editing:
        unit = self.desk.unit(request.path_params["unit"])
        region = self.desk.region()
        item = region.catalog.items.get(request.path_params["item"])
        if item is None or unit.level not in item.levels:
            raise Nothing
        proposal = propose(Known(region, self.desk.matters(), self.desk.today()), unit, item)
        values = forms.of_proposal(proposal, unit, item, dict(request.query_params))
        schema = region.catalog.tables.get(item.table or "")
        return editing.Editing(unit, item, None, values, empty(schema, village=unit.level.value == "village") if schema else None, "")

    def new(self, request: Request, form: Form) -> Response:
        opened = self._new(request)
        return (
            self._save(opened, form)
            if request.method == "POST"
            else self._form(opened, opened.values, self._trial(opened, opened.values), "")
        )

    def record(self, request: Request, form: Form) -> Response:
        opened = editing.open_record(self.desk, request.path_params["unit"], request.path_params["id"])
        if request.method == "POST":
            return self._save(opened, form)
        return self._form(
            opened, opened.values, editing.try_values(self.desk, opened, _typed(opened)), request.query_params.get("said", "")
        )

    def try_new(self, request: Request, form: Form) -> Response:
        return self._tried(self._new(request), form)

    def try_record(self, request: Request, form: Form) -> Response:
        return self._tried(editing.open_record(self.desk, request.path_params["unit"], request.path_params["id"]), form)

    def _tried(self, opened: editing.Editing, form: Form) -> Response:
        try:
            tried = editing.try_values(self.desk, opened, form)
        except forms.BadForm as error:
            return self.page("bad.html", problems=error.problems)
        return self.page("seen.html", tried=tried, advice=self._advice(opened, form))

    def _save(self, opened: editing.Editing, form: Form) -> Response:
        values: Mapping[str, str] = form
        if any(name.startswith("take.") for name in form):
            values = editing.merged(opened, form)
        if "preview" in form:
            return self._form(opened, values, self._trial(opened, values), "")
        try:
            written = editing.save(self.desk, opened, values, str(values.get("digest", "")))
        except forms.BadForm as error:
            return self._form(opened, values, None, "", error.problems)
        except Taken:
            return self._form(opened, values, None, "", {"": "这个编号的文件刚刚有了，没有写。请返回重新填写。"})
        except editing.Conflict as error:
            return self.page(
                "conflict.html", status=409, title="两个人改了同一条", unit=opened.unit, c=error, fields=_differing(error), said=""
            )
        said = f"已保存：{'、'.join(written)}" if written else "没有改动"
        return self.away(f"/u/{opened.unit.code}/r/{opened.id}/", said)

    def _trial(self, opened: editing.Editing, values: Mapping[str, str]) -> editing.Tried | None:
        try:
            return editing.try_values(self.desk, opened, values)
        except forms.BadForm:
            return None

    def _advice(self, opened: editing.Editing, values: Mapping[str, str]) -> str:
        return forms.advice(opened.item, values, Known(self.desk.region(), self.desk.matters(), self.desk.today()).calendar)

    def _form(
        self,
        opened: editing.Editing,
        values: Mapping[str, str],
        tried: editing.Tried | None,
        said: str,
        problems: Mapping[str, str] = {},
        released: acts.Released | None = None,
        attached: acts.Attachment | None = None,
        title: str = "",
    ) -> Response:
        grid = opened.grid
        rows: tuple[tuple[str, ...], ...] = ()
        if grid is not None and not grid.why:
            rows = typed(values, grid.order) or grid.rows
        region = self.desk.region()
        code = opened.unit.code
        waiting = opened.record is not None and f"{code}/{opened.id}" in self.desk.part(code).plan.unreleased
        return self.page(
            "record.html", status=422 if problems else 200, title=values.get("title") or opened.item.name, unit=opened.unit, e=opened, values=values,
            fields=forms.fields_of(opened.unit, opened.item, values), tried=tried, said=said, problems=problems, grid=grid, rows=rows,
            digest=values.get("digest", opened.digest), advice=self._advice(opened, values), released=released, waiting=waiting,
            attached=attached, attach_title=title, withdrawn=acts.withdrawn(self.desk, code, opened.id) if opened.record else None,
            out=opened.record is not None and acts.was_released(self.desk, code, opened.id),
            basis=[region.catalog.laws[b.law].name for b in opened.item.basis if b.law in region.catalog.laws],
        )  # fmt: skip

    def release(self, request: Request, form: Form) -> Response:
        code, id = request.path_params["unit"], request.path_params["id"]
        done = acts.release(self.desk, code, id, str(form.get("why", "")))
        if done.done and not done.rev and acts.withdrawn(self.desk, code, id):
            return self.away(f"/u/{code}/r/{id}/", "这一条已经撤回，没有登记。要再公布，请新写一条。")
        if done.done:
            return self.away(
                f"/u/{code}/r/{id}/", f"已登记公布，第{done.rev}版。现在可以正式打印。" if done.rev else "早已登记，没有改动。"
            )
        opened = editing.open_record(self.desk, code, id)
        return self._form(opened, opened.values, editing.try_values(self.desk, opened, _typed(opened)), "", {}, done)

    def withdraw(self, request: Request, form: Form) -> Response:
        code, id = request.path_params["unit"], request.path_params["id"]
        why = str(form.get("why", "")).strip()
        opened = editing.open_record(self.desk, code, id)
        if not why:
            return self._form(
                opened, opened.values, self._trial(opened, _typed(opened)), "", {"withdraw": "请写明为什么撤回：群众扫码时看得到。"}
            )
        done = acts.withdraw(self.desk, code, id, why)
        if done is None:
            return self._form(opened, opened.values, self._trial(opened, _typed(opened)), "", {"": "它还没有登记公布过，不用撤回。"})
        return self.away(f"/u/{code}/r/{id}/", "已撤回。墙上的公示单请取下；扫码会看到撤回的日期和原因。")

    def attach(self, request: Request, form: Form) -> Response:
        code, id = request.path_params["unit"], request.path_params["id"]
        file = form.get("file") or ("", b"")
        if isinstance(file, str) or not file[1]:
            file = ("", b"")
        title = str(form.get("title", ""))
        made = acts.attach(self.desk, code, id, file, title, picture="picture" in form)
        if made.files:
            return self.away(f"/u/{code}/r/{id}/", f"已添加：{title}")
        opened = editing.open_record(self.desk, code, id)
        why = made.why_not
        problem = self.desk.say(why.message).format(**why.args_) if why else "没有添加：这个文件里有不能公开的内容。"
        return self._form(opened, opened.values, self._trial(opened, _typed(opened)), "", {"attach": problem}, attached=made, title=title)

    def print(self, request: Request, form: Form) -> Response:
        code, id = request.path_params["unit"], request.path_params["id"]
        paper = acts.print_one(self.desk, code, id, final="final" in form)
        if paper is None:
            return self.away(f"/u/{code}/r/{id}/", "没有打印：它不上公示栏，或者还没有登记公布，或者有错误。")
        return self.away(f"/out/{quote(paper.folder)}/{quote(paper.name)}")

    # ---- Excel.

    def excel(self, request: Request, form: Form) -> Response:
        unit = self.desk.unit(request.path_params["unit"])
        if request.method == "POST":
            name, data = form.get("file") or ("", b"")
            if not data:
                return self.page(
                    "excel.html", status=422, title="导入 Excel", unit=unit, said="请先选一个文件。", items=self._tabled(unit.code)
                )
            item = str(form.get("item", "")) or None
            key = self.uploads.keep(uploads.Upload(unit.code, name, data, item, {}))
            return self.away(f"/u/{unit.code}/excel/{key}/")
        return self.page("excel.html", title="导入 Excel", unit=unit, said="", items=self._tabled(unit.code))

    def _tabled(self, code: str) -> list[Any]:
        return [i for i in offered(self.desk.region().catalog, self.desk.unit(code)) if i.table]

    def intake(self, request: Request, form: Form) -> Response:
        unit, key = self.desk.unit(request.path_params["unit"]), request.path_params["key"]
        upload = self.uploads.get(unit.code, key)
        if request.method == "POST":
            given = {n.removeprefix("q."): str(v) for n, v in form.items() if n.startswith("q.") and str(v).strip()}
            upload = uploads.Upload(upload.unit, upload.name, upload.data, upload.item, {**upload.answers, **given})
            self.uploads.keep(upload, key)
        read = uploads.read(self.desk, upload)
        said = ""
        if "write" in form and read.ready:
            try:
                with self.desk.writing:
                    read.write(self.desk.root)
            except (ChangedMeanwhile, NotReady):
                said = "文件刚刚被别人改过，没有写入。请再看一遍。"
            else:
                self.uploads.drop(key)
                return self.away(f"/u/{unit.code}/r/{read.preview.id}/", "已从 Excel 写入。")
        return self.page("intake.html", title="导入 Excel", unit=unit, upload=upload, read=read, said=said)

    def template(self, request: Request, form: Form) -> Response:
        from sitegen.workbook.template import write_template

        unit = self.desk.unit(request.path_params["unit"])
        item = self.desk.region().catalog.items.get(request.path_params["item"])
        if item is None or item.table is None or unit.level not in item.levels:
            raise Nothing
        name = quote(f"{unit.data.name}-{item.name}.xlsx")
        head = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return Response(write_template(self.desk.region(), item, unit), media_type=media, headers=head)

    # ---- Boards.

    def board(self, request: Request, form: Form) -> Response:
        unit = self.desk.unit(request.path_params["unit"])
        days = 7 if request.query_params.get("week") else 1
        boards = any(b.slots for b in unit.data.boards)
        found = acts.board_tasks(self.desk, unit.code, days) if boards else []
        places = {b.id: b.place for b in unit.data.boards}
        photos = [value for name, value in form.items() if name == "photo" and value[1]]
        seen = acts.check_photos(self.desk, unit.code, photos) if photos else None
        pictures = [base64.b64encode(p.raw.shown).decode() for p in seen.photos] if seen else []
        return self.page(
            "board.html",
            title="公示栏",
            unit=unit,
            days=found,
            week=days > 1,
            boards=boards,
            places=places,
            said="",
            seen=seen,
            pictures=pictures,
            words=round_words,
        )

    # ---- Files.

    def paper(self, request: Request, form: Form) -> Response:
        path = acts.printed_file(self.desk, request.path_params["folder"], request.path_params["name"])
        return Response(path.read_bytes(), media_type="application/pdf")

    def seen(self, request: Request, form: Form) -> Response:
        seen = self.desk.previews.get(request.path_params["key"])
        path = request.path_params["path"]
        if seen is None:
            raise Nothing
        if path.startswith("assets/"):
            file = asset(path.removeprefix("assets/"))
            if file is None:
                raise Nothing
            return Response(file.read_bytes(), media_type=_MEDIA.get(file.suffix, "application/octet-stream"))
        inner = path.removeprefix(seen.base)
        if inner.endswith("/"):
            inner += "index.html"
        data = seen.files.get(inner)
        if data is None or not path.startswith(seen.base):
            return self.page("sorry.html", status=404, title="预览里只有这一页", text="要看整个网站，用 sitegen serve。", findings=())
        if inner.endswith(".html"):
            data = _SCRIPT.sub(b"", data)
        return Response(data, media_type=_MEDIA.get(Path(inner).suffix, "application/octet-stream"))

    def sheet(self, request: Request, form: Form) -> Response:
        seen = self.desk.previews.get(request.path_params["key"])
        n = request.path_params["n"]
        if seen is None or not 1 <= n <= len(seen.sheets):
            raise Nothing
        return Response(seen.sheets[n - 1], media_type="image/svg+xml")


_SCRIPT = re.compile(rb"<script\b.*?</script>", re.DOTALL)
_MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".woff2": "font/woff2",
    ".webp": "image/webp",
}


def _typed(opened: editing.Editing) -> dict[str, str]:
    """The form as it is when nobody touched it."""
    made = dict(opened.values)
    grid: Grid | None = opened.grid
    if grid is not None and not grid.why:
        made |= {f"c{n}.{c}": cell for n, row in enumerate(grid.rows) for c, cell in zip(grid.order, row, strict=True)}
    return made


def _state(code: str, id: str, waiting: set[str], wrong: set[str | None], withdrawn: set[str]) -> tuple[str, str]:
    """The state of a record as a class and a word."""
    if id in withdrawn:
        return "draft", "已撤回"
    if id in wrong:
        return "bad", "有错误"
    return ("draft", "未登记") if f"{code}/{id}" in waiting else ("done", "已公布")


def _differing(conflict: editing.Conflict) -> list[tuple[forms.Field, str, str]]:
    """The fields in which the two versions part: field, mine, theirs."""
    theirs = conflict.theirs
    found = []
    for field in forms.fields_of(theirs.unit, theirs.item, theirs.values):
        mine, there = str(conflict.mine.get(field.name, "")).replace("\r\n", "\n"), theirs.values.get(field.name, "")
        if mine.strip() != there.strip():
            names = dict(field.choices)
            found.append((field, names.get(mine, mine), names.get(there, there)))
    return found
