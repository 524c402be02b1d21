"""What a record says of its own disclosure: attribute (公开属性) with its grounds, secrecy review, approvals. DESIGN §12."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sitegen.load.validate import nearest
from sitegen.model.base import Level
from sitegen.model.catalog import Item
from sitegen.model.finding import Finding
from sitegen.model.matter import is_public
from sitegen.model.region import Record
from sitegen.model.table import fold
from sitegen.model.unit import level_of

from .scope import Scope, at


def check_attributes(scope: Scope) -> Iterator[Finding]:
    """Every record's attribute is lawful and grounded, and the reviews that it needs are recorded."""
    for record in scope.records.values():
        item = scope.region.catalog.items.get(record.front.item)
        doubtful = [*_not_public(scope, record), *_on_request(record, item)]
        yield from doubtful
        if not doubtful:  # an attribute that does not stand needs no review
            yield from _secrecy(scope, record)
        if item is not None and is_public(record):
            yield from _steps(record, item)
        yield from _order(record)


def _on_request(record: Record, item: Item | None) -> Iterator[Finding]:
    if record.front.attribute == "依申请公开" and item is not None and item.method == "主动":
        yield at("SG825", record, "attribute", item=f"{item.id} {item.name}")


def _not_public(scope: Scope, record: Record) -> Iterator[Finding]:
    front = record.front
    if front.attribute != "不予公开":
        return
    if front.not_public is None:
        yield at("SG821", record, "attribute")
        return
    known = {e.id: e for e in scope.region.catalog.exclusions}
    provision, reviewed = front.not_public.provision, front.not_public.reviewed
    if provision not in known and scope.region.catalog.complete:
        near = nearest(provision, list(known)) or next(iter(known), None)
        yield at("SG822", record, "not_public", provision=provision, near=f"{near} {known[near].name}" if near else "—")
    elif not _a_year_before(scope.date) <= reviewed <= scope.date:
        yield at("SG823", record, "not_public", reviewed=reviewed.isoformat())


def _a_year_before(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def _secrecy(scope: Scope, record: Record) -> Iterator[Finding]:
    front = record.front
    asked = front.attribute in ("依申请公开", "不予公开") or (
        scope.region.data.secrecy_review and level_of(record.unit) is not Level.VILLAGE and front.attribute is not None
    )
    if asked and front.secrecy is None:
        yield at("SG824", record, "attribute")


def _steps(record: Record, item: Item) -> Iterator[Finding]:
    """The approvals that the item asks for. One under another name is said once, as that."""
    taken = {fold(r.step) for r in record.front.reviewed}
    lacking = [step for step in item.review if fold(step) not in taken]
    asked = {fold(step) for step in item.review}
    for step in (r.step for r in record.front.reviewed if fold(r.step) not in asked):
        if not lacking:
            return  # more than the item asks for is nobody's fault
        near = nearest(step, lacking) or lacking[0]
        lacking.remove(near)
        yield at("SG832", record, "reviewed", item=item.id, step=step, allowed=list(item.review))
    if lacking:
        key = "reviewed" if record.front.reviewed else "item"
        yield at("SG831", record, key, item=f"{item.id} {item.name}", steps=lacking, first=lacking[0])


def _order(record: Record) -> Iterator[Finding]:
    front = record.front
    if front.published < front.formed:
        return  # SG316: the day of publication is in doubt itself
    for review in front.reviewed:
        if review.on > front.published:
            yield at("SG826", record, "reviewed", step=review.step, on=review.on.isoformat(), published=front.published.isoformat())
    if front.secrecy is not None and front.secrecy.on > front.published:
        yield at("SG826", record, "secrecy", step="保密审查", on=front.secrecy.on.isoformat(), published=front.published.isoformat())
