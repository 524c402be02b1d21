"""A province: counties built by themselves, a page that adds them up, and a search over all of them made of their summaries alone."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import pickle
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.model.supervision_views import Standing
from sitegen.province.run import Made, Order, ProvinceProblem, run
from sitegen.province.summary import read
from sitegen.search.texts import fold
from tests.provinces import PROVINCE, write_province

DAY = dt.date(2026, 5, 10)
ROAD = "villages/heping/dongjie/records/2026-0001.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_province(tmp_path / "province")


def made(root: Path, **more: Any) -> Made:
    return run(Order(root, root / "public", DAY, **more))


def files(root: Path) -> dict[str, bytes]:
    out = root / "public"
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


class Index:
    """The index as the page reads it."""

    def __init__(self, root: Path) -> None:
        folder = root / "public/sheng.example.cn/search-index"
        self.head = json.loads(gzip.decompress((folder / "index.bin").read_bytes()))
        self.pairs: dict[str, set[int]] = {}
        for _, name in self.head["pieces"]:
            for key, where in json.loads(gzip.decompress((folder / f"{name}.bin").read_bytes())).items():
                assert key not in self.pairs
                self.pairs[key] = set(_spread(where))

    def find(self, query: str) -> set[str]:
        sets = [self.pairs.get(a + b, set()) for word in query.split() for a, b in zip(fold(word), fold(word)[1:], strict=False)]
        return {self.head["counties"][n][1] for n in set.intersection(*sets)}


def _spread(ranges: str) -> Iterator[int]:
    for part in ranges.split("."):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def texts(root: Path, county: str) -> list[str]:
    found = []
    for path in (root / "counties" / county / "public/.store/units").glob("*/*/texts"):
        with path.open("rb") as stream:
            pickle.load(stream)
            found += [line for text in pickle.load(stream) for line in text[-1].split("\n") if len(line) > 1]
    return found


def test_the_page_adds_up_its_counties_and_leads_to_them(root: Path) -> None:
    done = made(root)
    assert [s.name for s in done.merged] == ["测试县", "试验县"]
    page = done.page.read_text(encoding="utf-8")
    for url in ("https://ce.example.cn/", "https://shi.example.cn/"):
        assert f'href="{url}"' in page
    total = sum((s.standing for s in done.merged), Standing())
    assert total.records == 2 * done.merged[0].standing.records > 0
    assert f"<b>{total.records}</b> 件" in page
    assert "<b>2</b> · <b>2</b> · <b>4</b>" in page  # counties, townships, villages


def test_search_names_every_county_that_has_the_words_and_few_that_have_not(root: Path) -> None:
    made(root)
    index = Index(root)
    assert index.find("会议决定修路") == {"测试县"}
    assert index.find("会议决定架桥") == {"试验县"}
    assert index.find("和平镇") == {"测试县", "试验县"}
    assert index.find("龘龘") == set()
    chance = random.Random(1)
    for county, name in (("one", "测试县"), ("two", "试验县")):
        lines = texts(root, county)
        for _ in range(300):
            line = chance.choice(lines)
            start = chance.randrange(len(line) - 1)
            assert name in index.find(line[start : start + chance.randint(2, 8)])


def test_persons_of_a_list_are_in_no_summary(root: Path) -> None:
    listed = (root / "counties/one/content/townships/heping/records/2026-0001.csv").read_text(encoding="utf-8")
    assert "王*五" in listed
    made(root)
    assert not {"王*", "*五"} & Index(root).pairs.keys()


def test_what_is_merged_is_made_of_the_summaries_alone(root: Path) -> None:
    """Counties may be built anywhere: neither their files nor their sites are looked at again."""
    made(root)
    before = files(root)
    for county in (root / "counties").iterdir():
        shutil.rmtree(county / "public")
        shutil.rmtree(county / "villages")
        shutil.rmtree(county / "content")
    shutil.rmtree(root / "public")
    made(root, merge_only=True)
    assert files(root) == before


def test_one_county_is_built_and_the_others_are_as_they_were(root: Path) -> None:
    made(root)
    record = root / "counties/one" / ROAD
    record.write_text(record.read_text(encoding="utf-8").replace("修路", "打井"), encoding="utf-8")
    done = made(root, only=("测试县",))
    assert [c.name for c, _ in done.built] == ["测试县"]
    assert Index(root).find("会议决定打井") == {"测试县"}
    assert Index(root).find("会议决定架桥") == {"试验县"}


def test_a_county_that_is_refused_keeps_its_last_summary(root: Path) -> None:
    made(root)
    before = files(root)
    (root / "counties/two/content/county/unit.yml").write_text("name: [\n", encoding="utf-8")
    said = CliRunner().invoke(main, ["-C", str(root), "--lang", "en", "--date", "2026-05-10", "province", "-j", "1"])
    assert said.exit_code == 1
    assert "nothing was built, the site is as it was" in said.stderr
    assert files(root) == before


def test_a_county_that_was_never_built_is_named_as_missing(root: Path) -> None:
    done = made(root, only=("two",))
    assert done.missing == ("测试县",)
    assert "还没有数据：测试县" in done.page.read_text(encoding="utf-8")


def test_the_same_counties_give_the_same_bytes(root: Path) -> None:
    made(root)
    before = files(root)
    shutil.rmtree(root / "public")
    shutil.rmtree(root / "summaries")
    for county in (root / "counties").iterdir():
        shutil.rmtree(county / "public")
    made(root)
    assert files(root) == before


def test_what_cannot_be_a_province_is_said_and_nothing_is_switched(root: Path) -> None:
    made(root)
    before = files(root)
    unit = root / "counties/two/villages/heping/xijie/unit.yml"
    shared = unit.read_text(encoding="utf-8").replace("xijie-two.example.cn", "xijie-one.example.cn")
    region = root / "counties/two/region.yml"
    for path, text, words in (
        (unit, shared, "both use the host xijie-one.example.cn"),
        (region, region.read_text(encoding="utf-8").replace("230199", "230198"), "are the same county 230198000000"),
        (region, region.read_text(encoding="utf-8").replace("230199", "330199"), "does not begin with 23"),
        (root / "province.yml", PROVINCE.replace("counties/*", "nowhere/*"), "names no folder with a region.yml"),
    ):
        kept = path.read_text(encoding="utf-8")
        path.write_text(text, encoding="utf-8")
        said = CliRunner().invoke(main, ["-C", str(root), "--lang", "en", "--date", "2026-05-10", "province", "-j", "1"])
        assert said.exit_code == 1, said.output
        assert words in said.stderr
        assert "Traceback" not in said.stderr
        assert files(root) == before
        path.write_text(kept, encoding="utf-8")
    with pytest.raises(ProvinceProblem, match="no county «nobody»"):
        made(root, only=("nobody",))
    (root / "province.yml").write_text(PROVINCE.replace("name:", "nmae:"), encoding="utf-8")
    assert CliRunner().invoke(main, ["-C", str(root), "province"]).exit_code == 2


def test_counties_of_one_name_need_their_own_hosts_too(root: Path) -> None:
    """There are two 鼓楼区 in one province."""
    made(root)
    before = files(root)
    for name in ("county/unit.yml", "townships/heping/unit.yml"):
        path = root / "counties/two/content" / name
        text = path.read_text(encoding="utf-8").replace("试验县", "测试县")
        path.write_text(text.replace("shi.example.cn", "ce.example.cn"), encoding="utf-8")
    with pytest.raises(ProvinceProblem, match=r"测试县 \(230198000000\) and 测试县 \(230199000000\) both use the host ce.example.cn"):
        made(root)
    assert files(root) == before


def test_a_county_whose_figures_are_older_is_named_with_their_day(root: Path) -> None:
    made(root)
    assert "数字较早的" not in (root / "public/sheng.example.cn/index.html").read_text(encoding="utf-8")
    later = run(Order(root, root / "public", DAY + dt.timedelta(2), only=("two",)))
    assert "数字较早的：测试县截至2026年5月10日。" in later.page.read_text(encoding="utf-8")
    later = run(Order(root, root / "public", DAY + dt.timedelta(2)))  # nothing changed but the day
    assert "数字较早的" not in later.page.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["json", "npy"])
def test_a_summary_that_cannot_be_read_is_as_good_as_none(root: Path, kind: str) -> None:
    made(root)
    path = root / f"summaries/230198000000.{kind}"
    path.write_bytes(path.read_bytes()[:40])
    assert read(root / "summaries", "230198000000") is None
    assert made(root, only=("two",)).missing == ("测试县",)
    assert made(root).missing == ()
