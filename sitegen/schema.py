"""JSON Schemas of every file that people write, made from the models, for editors and for reading.

``python -m sitegen.schema DIR`` writes them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import BaseModel

from sitegen.load.region import CalendarFile
from sitegen.model.affairs import CommitteeFile, FocusFile
from sitegen.model.applications import ApplicationsFile
from sitegen.model.applying import ApplyFile
from sitegen.model.assurance import AssuranceFile
from sitegen.model.catalog import Exclusions, Field, Laws, TableSchema
from sitegen.model.channels import ChannelsFile
from sitegen.model.milestones import MilestonesFile
from sitegen.model.participation import ParticipationFile
from sitegen.model.photos import PhotosFile
from sitegen.model.province import ProvinceFile
from sitegen.model.publishing import PublishFile
from sitegen.model.record import PageFile, RecordFile
from sitegen.model.services import BundleFile, GuideFile, ServicesFile
from sitegen.model.unit import RegionFile, UnitFile

FILES: dict[str, tuple[type[BaseModel], str]] = {
    "region": (RegionFile, "region.yml"),
    "unit": (UnitFile, "unit.yml"),
    "record": (RecordFile, "records/*.md (front matter)"),
    "page": (PageFile, "pages/*.md (front matter)"),
    "services": (ServicesFile, "services.yml"),
    "service-guide": (GuideFile, "services/*.md (front matter)"),
    "service-bundle": (BundleFile, "services/*.md with «matters» (front matter)"),
    "committee": (CommitteeFile, "committee.yml of a village"),
    "photos": (PhotosFile, "photos.yml"),
    "assurance": (AssuranceFile, "assurance.yml of a county or township"),
    "catalog-focus": (FocusFile, "content/catalog/focus.yml"),
    "catalog-field": (Field, "content/catalog/fields/*.yml, content/catalog/village/*.yml"),
    "catalog-table": (TableSchema, "content/catalog/tables/*.yml"),
    "catalog-laws": (Laws, "content/catalog/laws.yml"),
    "catalog-negative": (Exclusions, "content/catalog/negative.yml"),
    "applications": (ApplicationsFile, "applications.yml"),
    "apply": (ApplyFile, "apply.yml"),
    "channels": (ChannelsFile, "channels.yml"),
    "participation": (ParticipationFile, "participation.yml"),
    "milestones": (MilestonesFile, "milestones.yml"),
    "province": (ProvinceFile, "province.yml"),
    "publish": (PublishFile, "publish.yml"),
    "calendar": (CalendarFile, "calendar.yml"),
}
"""Model and place of every kind of file, by the name of its schema."""


def schema_text(name: str) -> str:
    """The JSON Schema of one kind of file."""
    model, place = FILES[name]
    schema = model.model_json_schema(by_alias=True)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$comment": place, **schema}
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def write_schemas(folder: Path) -> None:
    """Write all schemas as ``<name>.schema.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (folder / f"{name}.schema.json").write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
