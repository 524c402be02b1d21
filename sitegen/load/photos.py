"""A unit's photos.yml and photos/ → photos of its posted sheets."""

from __future__ import annotations

import functools
from pathlib import Path

from sitegen.model.finding import finding
from sitegen.model.photos import FILE, FOLDER, NO_PHOTOS, Photo, Photos, PhotosFile

from .files import load_yaml, relative
from .services import ServiceReader


class PhotoReader(ServiceReader):
    """Reads a unit's photos as well."""

    def photos(self) -> Photos:
        """Every photo that is there; what is missing is said."""
        path = self.folder / FILE
        first = len(self.findings)
        got = load_yaml(PhotosFile, path, self.root, self.findings) if path.is_file() else None
        if got is None:
            return NO_PHOTOS
        data, yaml, raw = got
        name = relative(path, self.root)
        made: list[Photo] = []
        seen: set[str] = set()
        for n, one in enumerate(data.photos):
            line = yaml.position(("photos", n))[0]
            if one.file.lower() in seen:
                self.findings.append(finding("SG345", name, line, 1, path=one.file, unit=self.unit.code))
                continue
            seen.add(one.file.lower())
            say = functools.partial(self._at, name, line)
            attached = self._beside(Path(path), f"{one.taken.isoformat()} 张贴照片", f"{FOLDER}/{one.file}", say)
            if attached is not None:
                made.append(Photo(one, attached, line))
        self._examine(name, raw, tuple(p.file for p in made), first)
        return Photos(name, tuple(made))

    def _at(self, name: str, line: int, code: str, **args: str) -> None:
        # A photo is proof and no part of what is disclosed: where it is missing nothing is held back.
        code = "SG344" if code == "SG307" else code
        self.findings.append(finding(code, name, line, 1, **args, unit=self.unit.code))
