"""SG34: what stands in the way of a sheet on paper."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING

RULES = (
    Rule(
        "SG341",
        _W,
        "on the sheet «{title}» 〓 stands for characters that no font has: {characters}",
        "write them with characters that the fonts have, or put a font that has them into the region's folder fonts/",
        why="A character that no font has would be an empty box on the board. 〓, the printers' mark for a missing sort, says at least that something is "
        "missing. The check names such characters in records (SG313); this one also sees names in unit.yml and in the catalogue.",
        bad="（unit.yml）name: 大𠮷村",
        good="（unit.yml）name: 大吉村",
    ),
    Rule(
        "SG342",
        _W,
        "the table of «{title}» is smaller on {paper} than can be read from half a metre",
        "print it on larger paper (--paper A3), or give its table fewer columns",
        why="Boards are read standing. Below 9 points (10 on A3) older readers cannot make out a row of figures.",
        bad="sitegen print --paper A4（表有14列）",
        good="sitegen print --paper A3",
    ),
    Rule(
        "SG343",
        _W,
        "the picture «{path}» has {megapixels} megapixels: sheets leave it out and say what it shows",
        "save it smaller: 10 megapixels are sharp even on A3",
        why="A picture is decoded as a whole when it is printed; 80 megapixels are A3 at 600 dpi, and more only stops the printer. Only the header was read.",
        bad="![规划图](guihuatu.png)（20000×10000）",
        good="![规划图](guihuatu.png)（4000×2000）",
    ),
    Rule(
        "SG344",
        _W,
        "there is no photo {path}, or it is too large",
        "copy the photo into the folder photos/ of the unit, or take its lines out of photos.yml",
        why="photos.yml says which sheet hung where on which day, and the photo proves it. Without the file there is nothing to show.",
        bad="- {file: 2026-11-24-main-1.jpg, taken: 2026-11-24, sheets: [7K3M9X2QF4-2]}（photos/ 里没有这个文件）",
        good="photos/2026-11-24-main-1.jpg",
    ),
    Rule(
        "SG345",
        _W,
        "the photo {path} stands twice in photos.yml",
        "keep one entry, with all sheets that are in the photo",
        why="A photo has one day, and either may be wrong where it has two entries.",
        bad="- {file: a.jpg, taken: 2026-11-24, …}\n- {file: a.jpg, taken: 2026-11-20, …}",
        good="- {file: a.jpg, taken: 2026-11-24, sheets: [7K3M9X2QF4-2, H3MN7JS9G4-1]}",
    ),
    Rule(
        "SG346",
        _W,
        "the photo cannot be shown: {problem}",
        "copy it from the telephone again as JPEG; «sitegen board check --keep» makes it small and takes out where it was taken",
        why="A photo that does not open proves nothing, and would be an empty frame on the page.",
        bad="photos/2026-11-24.jpg（微信里没下载完的照片）",
        good="photos/2026-11-24.jpg（1600×1200）",
    ),
    Rule(
        "SG347",
        _W,
        "the photo {path} does not fit what stands of it, {what}: {problem}",
        "correct code, revision or day as they stand in the photo, or take the entry out",
        why="A photo is proof of posting only of the sheet and the day that are in it: a revision that was not yet released cannot have hung.",
        bad="- {file: a.jpg, taken: 2026-05-01, sheets: [7K3M9X2QF4-2]}（第2版5月8日才公开）",
        good="- {file: a.jpg, taken: 2026-05-09, sheets: [7K3M9X2QF4-2]}",
    ),
)
