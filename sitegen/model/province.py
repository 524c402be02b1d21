"""A province or city (省、设区的市) above many counties: what its own page says besides what its counties add up to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field as Key
from pydantic import StringConstraints

from .base import Model, Text
from .unit import Contact, Footer, SiteUrl, Supervision

FILE = "province.yml"


class ProvinceFile(Model):
    """The file province.yml, in a folder with the folders of its counties. A county stays a region of its own."""

    name: Text
    code: Annotated[str, StringConstraints(pattern=r"^\d{2}(\d{2})?$")] = Key(
        description="division code: two digits of a province (省), four of a city (设区的市); its counties' codes begin with it"
    )
    url: SiteUrl = Key(description="where its page lives, on a host that no county uses")
    counties: tuple[Text, ...] = Key(("*",), description="folders of the counties, relative to the file; * stands for any name")
    supervision: Supervision
    contact: Contact | None = None
    footer: Footer = Footer()
