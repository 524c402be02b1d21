"""The pictures, recordings and films of a record: their files, subtitles and spoken words."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable
from pathlib import Path

from sitegen.model.dialogue import SUFFIXES, Media
from sitegen.model.finding import N_, Finding, finding
from sitegen.model.record import RecordFile
from sitegen.model.region import Attached, MediaFiles

from .files import TEXT_LIMIT, relative
from .textfile import Unreadable, read_bytes, read_text
from .yamlfile import YamlFile

Attach = Callable[[Path, str, str, Callable[..., None]], Attached | None]
"""Takes the record's path, a title, a file as written and where to complain; gives the file, or ``None`` when there is none."""

_TIME = r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}"
_CUE = re.compile(rf"({_TIME})[ \t]+-->[ \t]+({_TIME})(?:[ \t].*)?$")
_NO_PICTURE = (0, 0)


def load_media(
    front: RecordFile, path: Path, root: Path, yaml: YamlFile, attach: Attach, findings: list[Finding], **where: str
) -> tuple[tuple[MediaFiles, ...], tuple[str, ...], tuple[Attached, ...]]:
    """The media of a record that are there, their transcripts, and the transcripts' files; every problem at its key."""
    made: list[MediaFiles] = []
    words: list[str] = []
    texts: list[Attached] = []
    for n, data in enumerate(front.media):

        def say(code: str, key: str, /, n: int = n, data: Media = data, **args: str) -> None:
            at = yaml.position(("media", n, key))
            findings.append(finding(code, relative(path, root), *at, title=data.title, **args, **where))

        file = attach(path, data.title, data.path, functools.partial(_complain, say, "path"))
        _said(data, say)
        transcript = _transcript(data, path, root, attach, say, texts)
        captions = data.captions and attach(path, data.title, data.captions, functools.partial(_complain, say, "captions"))
        if captions:
            _captions(captions, root, findings, where)
        poster = data.poster and attach(path, data.title, data.poster, functools.partial(_complain, say, "poster"))
        if file is None:
            continue
        shown = file if data.kind == "图解" else poster or None
        size = _size(root / shown.file) if shown else _NO_PICTURE
        made.append(MediaFiles(data, file, captions or None, poster or None, *size))
        words.append(transcript)
    return tuple(made), tuple(words), tuple(texts)


def _complain(say: Callable[..., None], key: str, code: str, **args: str) -> None:
    say(code, key, **args)


def _said(data: Media, say: Callable[..., None]) -> None:
    """Whoever cannot see or hear it gets the same in words."""
    if not data.path.lower().endswith(SUFFIXES[data.kind]):
        say("SG665", "path", path=data.path, allowed="、".join(SUFFIXES[data.kind]))
    if data.kind == "图解":
        if not (data.alt or "").strip():
            say("SG664", "path", path=data.path)
    elif data.transcript is None:
        say("SG661", "path", path=data.path)
    if data.kind == "视频" and data.captions is None:
        say("SG662", "path", path=data.path)


def _transcript(data: Media, path: Path, root: Path, attach: Attach, say: Callable[..., None], texts: list[Attached]) -> str:
    if data.transcript is None:
        return ""
    file = attach(path, data.title, data.transcript, functools.partial(_complain, say, "transcript"))
    if file is None:
        return ""
    try:
        text = read_text(root / file.file, TEXT_LIMIT, legacy=True).text.strip()
    except Unreadable as error:
        say("SG666", "transcript", path=data.transcript, problem=error.problem or N_("no text in a known encoding"))
        return ""
    texts.append(file)
    if not text:
        say("SG661", "transcript", path=data.path)
    return text


def _captions(file: Attached, root: Path, findings: list[Finding], where: dict[str, str]) -> None:
    """At most one finding: after the first mistake a browser shows nothing right."""

    def bad(line: int, problem: str) -> None:
        findings.append(finding("SG663", file.file, line, 1, problem=problem, **where))

    try:
        lines = read_text(root / file.file, TEXT_LIMIT).text.split("\n")
    except Unreadable as error:
        bad(1, error.problem or N_("it is not saved as UTF-8"))
        return
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        bad(1, N_("it does not begin with WEBVTT"))
        return
    last = ""
    for number, line in enumerate(lines, 1):
        if "-->" not in line:
            continue
        cue = _CUE.match(line.strip())
        if cue is None:
            bad(number, N_("a cue is timed like 00:00:01.000 --> 00:00:04.000"))
            return
        start, end = ((t if t.count(":") == 2 else f"00:{t}").rjust(14, "0") for t in cue.groups())
        if end <= start or start < last:
            bad(number, N_("a cue ends before it begins, or begins before the one above"))
            return
        last = start
    if not last:
        bad(1, N_("it has no cues"))


def _size(path: Path) -> tuple[int, int]:
    """Width and height of a picture; only its header is read."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(read_bytes(path, 50_000_000))) as picture:
            return picture.size
    except Exception:  # a damaged picture fails in as many ways as there are formats; the page then shows its words
        return _NO_PICTURE
