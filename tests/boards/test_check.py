"""Photos of boards: every code read and judged, what is missing said, bad files told, photos filed with the records."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image, ImageDraw
from selectolax.lexbor import LexborHTMLParser

from sitegen.boards.judge import Known, address, is_address
from sitegen.boards.photo.reading import read_codes
from sitegen.code import ALPHABET
from tests.boards.village import AFTER, HOST, RESOLUTION, codes, run, village
from tests.ledger.county import County
from tests.photos import board_photo, jpeg, plain_sheet, rotated
from tests.sample_view import record, village_view


def paper(text: str, seed: int = 0) -> Any:
    return plain_sheet(text, scale=3.0, seed=seed)


def shot(*texts: str, **ways: Any) -> Image.Image:
    """A photo of two megapixels of sheets with these codes."""
    return board_photo([paper(t, n) for n, t in enumerate(texts)], 1, **{"megapixels": 2.0, "angle": 15, **ways}).picture


def save(path: Path, picture: Image.Image, *, taken: str = "", turned: int = 0, gps: bool = False) -> Path:
    exif = Image.Exif()
    if taken:
        exif[0x0132] = taken
    if turned:
        exif[0x0112] = turned
    if gps:
        exif[0x8825] = {1: "N", 2: (45.0, 45.0, 1.0), 3: "E", 4: (126.0, 38.0, 1.0)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg(picture, exif=exif))
    return path


@pytest.fixture
def county(tmp_path: Path) -> County:
    made = village(tmp_path / "region")
    made.release()
    made.print_all()
    return made


def verdicts(county: County, *photos: Path | str, code: int | None = None) -> dict[str, dict[str, Any]]:
    done = run(county, "board", "check", *map(str, photos), "--format", "json")
    assert code is None or done.exit_code == code, done.output
    return {c["text"] or "": c for p in json.loads(done.stdout)["photos"] for c in p["codes"]}


# ---- What papers are.


def test_each_paper_of_a_board_is_told_by_its_revision_and_its_day(county: County, tmp_path: Path) -> None:
    resolution, rows = codes(county)
    county.edit(RESOLUTION, "会议决定修路。", "会议决定修路，先修东段。")
    county.release("补充先后")
    photo = save(tmp_path / "a.jpg", shot(*(f"{HOST}/{c}" for c in (f"{resolution}-1", f"{resolution}-2", f"{rows}-1", f"{resolution}-7"))))
    found = verdicts(county, photo, code=1)
    assert {t.rpartition("/")[2]: c["verdict"] for t, c in found.items()} == {
        f"{resolution}-1": "outdated", f"{resolution}-2": "current", f"{rows}-1": "current", f"{resolution}-7": "unknown",
    }  # fmt: skip
    assert found[f"{HOST}/{resolution}-1"]["current"] == 2
    assert found[f"{HOST}/{resolution}-1"]["why"] == "补充先后"
    county.day = AFTER
    county.withdraw(resolution, "决议撤销")
    later = verdicts(county, photo, code=1)
    assert later[f"{HOST}/{rows}-1"]["verdict"] == "ended"
    assert later[f"{HOST}/{rows}-1"]["day"] == "2026-05-15"
    assert later[f"{HOST}/{resolution}-2"]["verdict"] == "withdrawn"
    assert later[f"{HOST}/{resolution}-2"]["why"] == "决议撤销"


def test_a_photo_of_an_earlier_day_is_not_held_against_the_village(county: County, tmp_path: Path) -> None:
    _, rows = codes(county)
    county.day = AFTER
    during = save(tmp_path / "during.jpg", shot(f"{HOST}/{rows}-1"), taken="2026:05:14 10:00:00")
    found = verdicts(county, during)[f"{HOST}/{rows}-1"]
    assert (found["verdict"], found["then"]) == ("ended", True)
    assert "it was right on the day of the photo" in run(county, "board", "check", str(during)).output
    after = save(tmp_path / "after.jpg", shot(f"{HOST}/{rows}-1"), taken="2026:05:18 10:00:00")
    assert not verdicts(county, after)[f"{HOST}/{rows}-1"]["then"]


def test_codes_from_elsewhere_are_named_for_what_they_are(county: County, tmp_path: Path) -> None:
    resolution, _ = codes(county)
    texts = {
        f"{HOST}/7K3M9X2QF4-1": "unknown",
        "HTTPS://OTHER.EXAMPLE.CN/Q/7K3M9X2QF4-1": "foreign",
        f"HTTPS://EVIL.EXAMPLE.CN/Q/{resolution}-1": "astray",
        "https://ce.example.cn/heping/dongjie/board/": "site",
        "https://weixin.example.cn/g/abc": "other",
    }
    found = verdicts(county, save(tmp_path / "a.jpg", shot(*texts, megapixels=3.0)), code=1)
    assert {t: c["verdict"] for t, c in found.items()} == texts
    assert found[f"HTTPS://EVIL.EXAMPLE.CN/Q/{resolution}-1"]["title"] == "村民会议关于修路的决议"
    fine = save(tmp_path / "b.jpg", shot(f"{HOST}/{resolution}-1", "https://weixin.example.cn/g/abc"))
    verdicts(county, fine, code=0)


@given(st.integers(1, 5), st.integers(0, 9), st.booleans(), st.booleans())
def test_only_the_newest_revision_is_ever_called_current(rev: int, on_paper: int, lower: bool, slash: bool) -> None:
    view = village_view()
    known = Known([replace(view, records=(record("2026-0001", "公示", "CW-02", "2026-05-01", rev=rev),))])
    text = f"HTTPS://GK.QINGHE.EXAMPLE.CN/Q/7K3M9X0001-{on_paper}" + ("/" if slash else "")
    said = known.judge(text.lower() if lower else text)
    assert (said.verdict == "current") == (on_paper == rev)
    assert (said.verdict == "outdated") == (1 <= on_paper < rev)
    assert said.verdict in ("current", "outdated", "unknown")


@given(st.text(max_size=60))
def test_whatever_a_code_says_is_judged(text: str) -> None:
    known = Known([village_view()])
    for said in (text, f"HTTPS://{text}/Q/7K3M9X2QF4-1", f"https://gk.qinghe.example.cn/Q/{text}"):
        assert known.judge(said).verdict in ("unknown", "foreign", "astray", "site", "other", "unreadable", "ended", "outdated", "current")
    assert address("") is None


@given(st.text(ALPHABET, min_size=10, max_size=10), st.integers(1, 99))
def test_what_sheets_say_is_known_as_such(code: str, rev: int) -> None:
    assert is_address(f"{HOST}/{code}-{rev}")
    assert address(f"{HOST}/{code}-{rev}") == ("ce.example.cn", "Q", code, rev)
    assert not is_address(f"{HOST}/{code}")
    assert not is_address(f"{HOST}/{code}-{rev}?a=1")


# ---- Reading.


def test_codes_are_read_from_the_side_in_shadow_and_noise() -> None:
    papers = [plain_sheet(f"{HOST}/7K3M9X2QF{n}-2", width=297, height=420, code=34, scale=3.0, seed=n) for n in range(4)]
    photo = board_photo(papers, 2, megapixels=3.0, angle=35, tilt=8, roll=3, noise=6, shadow=0.4, light=0.7)
    seen = read_codes(photo.picture, is_address)
    assert sorted(s.text for s in seen) == sorted(t for t, _ in photo.truth)
    for one in seen:
        x, y = next(p for t, p in photo.truth if t == one.text)
        assert abs(one.middle[0] - x) < 4
        assert abs(one.middle[1] - y) < 4


@pytest.mark.parametrize("corner", [0, 1, 2])
def test_a_stain_on_a_corner_square_is_unreadable_and_never_wrong(corner: int) -> None:
    made = plain_sheet(f"{HOST}/7K3M9X2QF4-2", scale=5.9)
    side = 31 * made.scale
    x = made.middle[0] + (side / 2 - side / 8) * (1 if corner == 1 else -1)
    y = made.middle[1] + (side / 2 - side / 8) * (1 if corner == 2 else -1)
    ImageDraw.Draw(made.picture).ellipse((x - side / 8, y - side / 8, x + side / 8, y + side / 8), fill=60)
    (seen,) = read_codes(rotated(made.picture, 7), is_address)
    assert seen.text == ""
    assert seen.hint in ("", f"{HOST}/7K3M9X2QF4-2")


def test_photos_are_looked_at_as_they_are_held(county: County, tmp_path: Path) -> None:
    resolution, _ = codes(county)
    picture = shot(f"{HOST}/{resolution}-1", "https://ce.example.cn/x")
    upright = verdicts(county, save(tmp_path / "a.jpg", picture))
    lying = verdicts(county, save(tmp_path / "b.jpg", picture.rotate(90, expand=True), turned=6))
    for text, one in upright.items():
        for (x, y), (u, v) in zip(one["corners"], lying[text]["corners"], strict=True):
            assert abs(x - u) < 0.01
            assert abs(y - v) < 0.01


# ---- What is missing.


def test_what_ought_to_hang_and_was_not_seen_is_said(county: County, tmp_path: Path) -> None:
    resolution, rows = codes(county)
    one = save(tmp_path / "round" / "1.jpg", shot(f"{HOST}/{resolution}-1"))
    done = run(county, "board", "check", str(one), "--unit", "东街村")
    assert done.exit_code == 1
    assert re.search(
        rf"! 东街村  村委会院内 A2  2026年种粮补贴发放公示（东街村）  {rows}-1  not seen; posting until 2026-05-15", done.output
    )
    assert run(county, "board", "check", str(one)).exit_code == 0
    assert run(county, "board", "check", str(one), "--whole").exit_code == 1
    assert run(county, "board", "check", str(one), "--unit", "东街村", "--board", "gate").exit_code == 0
    save(tmp_path / "round" / "2.jpg", shot(f"{HOST}/{rows}-1"))
    both = run(county, "board", "check", str(tmp_path / "round"), "--unit", "东街村", "-j", "1")
    assert both.exit_code == 0, both.output
    assert "all 2 sheets that are to hang were seen" in both.output
    county.day = AFTER
    assert "not seen" not in run(county, "board", "check", str(one), "--unit", "东街村").output


def test_of_a_unit_without_slots_running_postings_are_missed(county: County, tmp_path: Path) -> None:
    one = save(tmp_path / "1.jpg", shot("https://ce.example.cn/x"))
    done = run(county, "board", "check", str(one), "--unit", "西街村")
    assert done.exit_code == 1
    assert "2026年种粮补贴发放公示（西街村）" in done.output


# ---- Reports.


def test_the_list_opens_in_a_spreadsheet_and_holds_no_formula(county: County, tmp_path: Path) -> None:
    resolution, _ = codes(county)
    save(
        tmp_path / "round" / "=1+1.jpg",
        shot(f"{HOST}/{resolution}-1", '=HYPERLINK("https://evil.example.cn")'),
        taken="2026:05:10 09:08:07",
    )
    (tmp_path / "round" / "坏.jpg").write_bytes(b"\xff\xd8\xff\xe0nothing")
    out = tmp_path / "out.csv"
    done = run(county, "board", "check", str(tmp_path / "round"), "--unit", "东街村", "--csv", str(out), "-j", "1")
    assert done.exit_code == 1, done.output
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert not [c for row in table for c in row.values() if c.startswith(("=", "+", "-", "@"))]
    by_verdict = {row["结论"]: row for row in table}
    assert by_verdict["现行版本"]["照片"] == "'=1+1.jpg"
    assert by_verdict["现行版本"]["拍摄时间"] == "2026-05-10 09:08"
    assert by_verdict["现行版本"]["单位"] == "东街村"
    assert by_verdict["不是公示单的码"]["码的内容"].startswith("'=HYPERLINK")
    assert "照片不完整" in by_verdict["看不了"]["说明"]
    assert by_verdict["没有见到"]["栏位"] == "村委会院内 A2"


def test_the_page_frames_every_code_and_carries_nothing_else(county: County, tmp_path: Path) -> None:
    resolution, _ = codes(county)
    photo = save(tmp_path / "<b>.jpg", shot(f"{HOST}/{resolution}-1", "<script>alert(1)</script>"), gps=True, taken="2026:05:10 09:08:07")
    out = tmp_path / "out.html"
    run(county, "board", "check", str(photo), "--html", str(out))
    html = out.read_text(encoding="utf-8")
    page = LexborHTMLParser(html)
    assert not page.css("script, link, b.jpg")
    assert "&lt;script&gt;" in html
    assert len(page.css("polygon.line")) == 2
    assert [n.text().split() for n in page.css(".label.good")] == [["1" if "1 现行" in html else "2", "现行"]]
    assert "村民会议关于修路的决议" in html
    data = page.css_first("img").attributes["src"] or ""
    with Image.open(io.BytesIO(b64decode(data.partition(",")[2]))) as shown:
        assert max(shown.size) <= 1600
        assert not dict(shown.getexif())
    assert "2026-05-10 09:08" in html
    again = tmp_path / "again.html"
    run(county, "board", "check", str(photo), "--html", str(again))
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize("folder", ["public", "print-out"])
def test_reports_never_lie_where_everybody_reads(county: County, tmp_path: Path, folder: str) -> None:
    photo = save(tmp_path / "a.jpg", Image.new("L", (400, 300), 90))
    done = run(county, "board", "check", str(photo), "--html", str(county.root / folder / "x" / "r.html"))
    assert done.exit_code == 2
    assert "is public" in done.output
    assert not (county.root / folder).exists()


# ---- Files that are no photos.


def test_whatever_is_no_photo_is_told_and_the_others_are_read(county: County, tmp_path: Path) -> None:
    resolution, _ = codes(county)
    folder = tmp_path / "round"
    good = save(folder / "good.jpg", shot(f"{HOST}/{resolution}-1"))
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "text.png").write_text("不是照片", encoding="utf-8")
    (folder / "cut.jpg").write_bytes(good.read_bytes()[:9000])
    (folder / "apple.heic").write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 40)
    (folder / "notes.txt").write_text("passed over", encoding="utf-8")
    (folder / "._good.jpg").write_bytes(b"passed over")
    Image.new("1", (20_000, 10_000), 1).save(folder / "huge.png")
    save(folder / "wall.jpg", Image.new("L", (800, 600), 120))
    done = run(county, "board", "check", str(folder), "-j", "1")
    assert done.exit_code == 1
    for words in (
        "the file is empty",
        "not a photo",
        "cut off or damaged",
        "HEIC photo",
        "200 megapixels",
        "no code seen",
        "current revision",
    ):
        assert words in done.output, words
    assert "7 photos, 1 codes" in done.output
    assert "两亿" not in done.output
    only_bad = run(county, "board", "check", str(folder / "text.png"), lang="zh")
    assert only_bad.exit_code == 2
    assert "不是照片" in only_bad.output


def test_nothing_to_look_at_is_an_error_of_use(county: County, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    photo = save(tmp_path / "a.jpg", Image.new("L", (400, 300), 90))
    assert run(county, "board", "check", str(tmp_path / "none")).exit_code == 2
    assert run(county, "board", "check", str(tmp_path / "missing.jpg")).exit_code == 2
    assert run(county, "board", "check", str(photo), "--unit", "无名村").exit_code == 2
    assert run(county, "board", "check", str(photo), "--board", "main").exit_code == 2
    assert run(county, "board", "check", str(photo), "--unit", "东街村", "--board", "none").exit_code == 2


@pytest.mark.parametrize("size", [(19, 400), (60, 60), (4000, 25)])
def test_odd_sizes_are_read(county: County, tmp_path: Path, size: tuple[int, int]) -> None:
    photo = tmp_path / "a.png"
    Image.new("RGBA", size, (200, 200, 200, 0)).save(photo)
    assert run(county, "board", "check", str(photo)).exit_code in (1, 2)


# ---- Photos that are kept.


def photos_yml(county: County) -> Path:
    return county.root / "villages/heping/dongjie/photos.yml"


def test_a_kept_photo_has_its_day_and_nothing_of_the_telephone(county: County, tmp_path: Path) -> None:
    resolution, _ = codes(county)
    photo = save(tmp_path / "IMG_1.jpg", shot(f"{HOST}/{resolution}-1"), taken="2026:05:10 07:30:00", gps=True)
    done = run(county, "board", "check", str(photo), "--unit", "东街村", "--board", "main", "--keep")
    assert "filed as" in done.output
    kept = photos_yml(county).parent / "photos" / "2026-05-10-main-1.jpg"
    with Image.open(kept) as picture:
        assert not dict(picture.getexif())
    assert f"{{file: 2026-05-10-main-1.jpg, taken: 2026-05-10, board: main, sheets: [{resolution}-1]}}" in photos_yml(county).read_text(
        encoding="utf-8"
    )
    before = photos_yml(county).read_bytes()
    assert "filed before" in run(county, "board", "check", str(photo), "--unit", "东街村", "--board", "main", "--keep").output
    assert photos_yml(county).read_bytes() == before
    assert county.codes() == []
    undated = save(tmp_path / "IMG_2.jpg", shot(f"{HOST}/{resolution}-1", angle=0))
    assert "does not say when it was taken" in run(county, "board", "check", str(undated), "--keep").output
    assert len(list(kept.parent.iterdir())) == 2
    assert county.codes() == []


def build(county: County, tmp_path: Path, code: int = 0) -> Path:
    done = run(county, "build", "-o", str(tmp_path / "public"), "-j", "1")
    assert done.exit_code == code, done.output
    return tmp_path / "public" / "ce.example.cn" / "heping" / "dongjie"


def test_a_photo_of_open_sheets_is_on_the_record_and_the_board_and_of_others_the_fact(county: County, tmp_path: Path) -> None:
    county.edit("content/catalog/village/1-cunwu.yml", 'channels: ["社区/', 'channels: [政府网站, "社区/')
    resolution, rows = codes(county)
    unit = photos_yml(county).parent
    save(unit / "photos" / "one.jpg", shot(f"{HOST}/{resolution}-1"), gps=True)
    save(unit / "photos" / "both.jpg", shot(f"{HOST}/{resolution}-1", f"{HOST}/{rows}-1"))
    save(unit / "photos" / "people.jpg", shot(f"{HOST}/{resolution}-1", tilt=5))
    photos_yml(county).write_text(
        f"photos:\n- {{file: one.jpg, taken: 2026-05-10, board: main, sheets: [{resolution}-1]}}\n"
        f"- {{file: both.jpg, taken: 2026-05-10, board: main, sheets: [{resolution}-1, {rows}-1]}}\n"
        f"- {{file: people.jpg, taken: 2026-05-10, sheets: [{resolution}-1], web: false}}\n",
        encoding="utf-8",
    )
    assert county.codes() == ["SG811"]  # where it was taken stands in the file, and in no output
    site = build(county, tmp_path)
    page = LexborHTMLParser((site / "r/2026-0001/index.html").read_text(encoding="utf-8"))
    assert [n.attributes["src"] for n in page.css(".hung img")] == ["photos/one.jpg"]
    assert "有照片存档" in page.css_first(".hung").text()
    published = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.jpg"))
    assert published == ["board/photos/one.jpg", "r/2026-0001/photos/one.jpg"]
    with Image.open(site / "r/2026-0001/photos/one.jpg") as picture:
        assert not dict(picture.getexif())
    listed = LexborHTMLParser((site / f"r/{rows.lower()}/index.html").read_text(encoding="utf-8"))
    assert not listed.css(".hung img")
    assert "2026年5月10日在村委会院内张贴第1版，有照片存档" in listed.css_first(".hung").text()


def test_what_does_not_fit_is_a_finding_and_holds_nothing_back(county: County, tmp_path: Path) -> None:
    resolution, _ = codes(county)
    unit = photos_yml(county).parent
    (unit / "photos").mkdir()
    (unit / "photos" / "bad.jpg").write_bytes(b"\xff\xd8\xff")
    Image.new("1", (20_000, 10_000), 1).save(unit / "photos" / "huge.png")
    save(unit / "photos" / "a.jpg", Image.new("L", (200, 100), 90))
    lines = [
        f"{{file: gone.jpg, taken: 2026-05-10, sheets: [{resolution}-1]}}",
        f"{{file: bad.jpg, taken: 2026-05-10, sheets: [{resolution}-1]}}",
        f"{{file: huge.png, taken: 2026-05-10, sheets: [{resolution}-1]}}",
        f"{{file: a.jpg, taken: 2026-05-10, sheets: [{resolution}-1]}}",
        f"{{file: a.jpg, taken: 2026-05-09, sheets: [{resolution}-1]}}",
    ]
    photos_yml(county).write_text("photos:\n" + "".join(f"- {line}\n" for line in lines), encoding="utf-8")
    assert sorted(county.codes()) == ["SG344", "SG345", "SG346", "SG346"]
    wrong = [
        f"{{file: a.jpg, taken: 2026-05-01, board: none, sheets: [{resolution}-1, {resolution}-3, 7K3M9X2QF4-1]}}",
    ]
    photos_yml(county).write_text("photos:\n" + "".join(f"- {line}\n" for line in wrong), encoding="utf-8")
    found = [f.message("en") for f in county.checked().findings if f.code == "SG347"]
    for words in (
        "no such board",
        f"{resolution}-1: this revision was released only after",
        f"{resolution}-3: this revision was never",
        "7K3M9X2QF4-1: no sheet",
    ):
        assert any(words in m for m in found), (words, found)
    photos_yml(county).write_text("photos:\n- {file: ../../secret.jpg, taken: gestern}\n", encoding="utf-8")
    assert county.codes()
    assert "filed there" in run(county, "board", "check", str(save(tmp_path / "x.jpg", shot(f"{HOST}/{resolution}-1"))), "--keep").output
    site = build(county, tmp_path, 1)  # photos.yml itself is held back, and nothing else
    assert (site / "r/2026-0001/index.html").is_file()
    assert not list(site.rglob("*.jpg"))


def test_a_photo_of_the_future_proves_nothing(county: County) -> None:
    resolution, _ = codes(county)
    unit = photos_yml(county).parent
    save(unit / "photos" / "a.jpg", Image.new("L", (200, 100), 90))
    day = county.day + dt.timedelta(1)
    photos_yml(county).write_text(f"photos:\n- {{file: a.jpg, taken: {day}, sheets: [{resolution}-1]}}\n", encoding="utf-8")
    assert county.codes() == ["SG347"]
