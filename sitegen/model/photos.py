"""Photos of posted sheets (张贴照片): proof that and when a sheet hung, kept beside the records they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Struct
from pydantic import Field as Key
from pydantic import StringConstraints

from .base import Day, Model, Slug

if TYPE_CHECKING:
    from .region import Attached

FILE, FOLDER = "photos.yml", "photos"
SheetCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJKMNP-TV-Z]{10}-[1-9][0-9]{0,2}$")]
PhotoName = Annotated[str, StringConstraints(pattern=r"(?i)^[a-z0-9][a-z0-9._-]*\.(jpg|jpeg|png|webp)$")]


class PostedPhoto(Model):
    """A photo of one or several sheets on a board."""

    file: PhotoName = Key(description="name of the photo in the folder photos/")
    taken: Day = Key(description="the day on which it was taken")
    sheets: tuple[SheetCode, ...] = Key(min_length=1, description="codes of the sheets in it with their revision: 7K3M9X2QF4-2")
    board: Slug | None = Key(None, description="id of the board")
    more: int = Key(0, ge=0, description="sheets in it that are not named: other units', or not to be read")
    web: bool = Key(True, description="false keeps it off the web, for instance because people can be recognised")

    @property
    def codes(self) -> frozenset[str]:
        """Codes without their revisions."""
        return frozenset(s.partition("-")[0] for s in self.sheets)


class PhotosFile(Model):
    """The file photos.yml of a unit; «sitegen board check --keep» adds to it."""

    photos: tuple[PostedPhoto, ...] = ()


class Photo(Struct, frozen=True):
    """A photo that is there."""

    data: PostedPhoto
    file: Attached
    line: int


class Photos(Struct, frozen=True):
    """A photos.yml as loaded."""

    file: str = ""
    """Relative to the region; "" where the unit has none."""
    photos: tuple[Photo, ...] = ()


NO_PHOTOS = Photos()
