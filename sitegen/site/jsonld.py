"""Structured data (JSON-LD, schema.org) for the head of a page, for search engines and portals.

What is for a specific group, personal or withheld has none: callers ask :attr:`RecordView.open` first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sitegen.model.base import Level
from sitegen.model.content_views import ColumnView
from sitegen.model.record_views import RecordView
from sitegen.model.unit import UnitLink
from sitegen.model.views import UnitView

_CONTEXT = "https://schema.org"


def text(value: Mapping[str, Any]) -> str:
    """A value as the text of a ``<script type="application/ld+json">``: no sign in it can end the element."""
    plain = json.dumps({"@context": _CONTEXT, **_given(value)}, ensure_ascii=False, separators=(",", ":"))
    return (
        plain.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _given(value: Any) -> Any:
    """The same without what is empty."""
    if isinstance(value, Mapping):
        return {k: _given(v) for k, v in value.items() if v not in (None, "", (), [], {})}
    if isinstance(value, list | tuple):
        return [_given(v) for v in value]
    return value


def organisation(name: str, unit: UnitLink, phone: str = "", address: str | None = None) -> dict[str, Any]:
    """An organ of a unit; of a village its committee, which is no government."""
    kind = "Organization" if unit.level is Level.VILLAGE else "GovernmentOrganization"
    return {"@type": kind, "name": name, "url": unit.url, "telephone": phone, "address": address}


def place(unit: UnitLink) -> dict[str, Any]:
    """The area of a unit."""
    return {"@type": "AdministrativeArea", "name": unit.name, "identifier": unit.code}


def dataset(view: UnitView, record: RecordView, columns: Sequence[ColumnView], files: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A record's public table (Dataset). ``files`` are (media type, absolute address)."""
    figures = "，".join(f"{f.label}{f.text}" for f in record.figures)
    said = record.summary or f"{record.issuer}{record.published.isoformat()}公开的{record.item_name}：{figures}"
    return {
        "@type": "Dataset",
        "@id": f"{record.url}#dataset",
        "name": record.title,
        "description": said.rstrip("。：") + "。",
        "url": record.url,
        "identifier": [record.index_number or "", record.code] if record.index_number else record.code,
        "inLanguage": "zh-CN",
        "license": view.data_license[1] or view.data_license[0] if view.data_license else None,
        "datePublished": record.published.isoformat(),
        "dateModified": (record.revised or record.published).isoformat(),
        "version": str(record.rev),
        "keywords": [record.field_name, record.item_name],
        "creator": organisation(record.issuer, view.unit),
        "spatialCoverage": place(view.unit),
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": f"{view.unit.url}data/"},
        "distribution": [{"@type": "DataDownload", "encodingFormat": media, "contentUrl": url} for media, url in files],
    }


def catalog(view: UnitView, title: str, parts: Sequence[UnitLink]) -> dict[str, Any]:
    """A unit's open data (DataCatalog); ``parts`` are the units below it that have some."""
    return {
        "@type": "DataCatalog",
        "@id": f"{view.unit.url}data/",
        "name": title,
        "url": f"{view.unit.url}data/",
        "inLanguage": "zh-CN",
        "publisher": organisation(view.footer.host_organ or view.organs[0], view.unit, view.contact.phone, view.contact.address),
        "spatialCoverage": place(view.unit),
        "hasPart": [{"@type": "DataCatalog", "name": f"{u.name}开放数据", "url": f"{u.url}data/"} for u in parts],
    }


def government_service(
    *,
    name: str,
    url: str,
    description: str,
    unit: UnitLink,
    provider: str,
    phone: str = "",
    address: str | None = None,
    hours: str | None = None,
    audience: Sequence[str] = (),
    online: str | None = None,
    cost: str | None = None,
    time: str | None = None,
) -> dict[str, Any]:
    """A service guide (办事指南) as GovernmentService. ``online`` is where it can be applied for, ``time`` how long it takes in words."""
    channel: dict[str, Any] = {
        "@type": "ServiceChannel",
        "serviceUrl": online,
        "servicePhone": {"@type": "ContactPoint", "telephone": phone, "hoursAvailable": hours} if phone else None,
        "serviceLocation": {"@type": "Place", "name": provider, "address": address} if address else None,
        "processingTime": time,
    }
    given = {k: v for k, v in channel.items() if v}
    return {
        "@type": "GovernmentService",
        "@id": f"{url}#service",
        "name": name,
        "url": url,
        "description": description,
        "serviceType": "政务服务" if unit.level is not Level.VILLAGE else "便民服务",
        "inLanguage": "zh-CN",
        "areaServed": place(unit),
        "provider": organisation(provider, unit, phone, address),
        "audience": [{"@type": "Audience", "audienceType": a} for a in audience],
        "availableChannel": given if len(given) > 1 else None,
        "offers": {"@type": "Offer", "description": cost} if cost else None,
    }
