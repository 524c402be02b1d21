"""The cells of the official table: what is written is read back, and every spelling met in copies of the table is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.catalogs.cells import Cited, levels_in, read_basis, read_elements, read_subject, write_elements, write_subject
from sitegen.catalogs.initials import initials
from sitegen.catalogs.marks import read_channels, read_mark, read_noted_mark, write_channels
from sitegen.model.base import Level
from sitegen.model.catalog import BOARD_CHANNEL, CHANNELS, Subjects

COUNTY, TOWNSHIP, VILLAGE = Level

WORDS = st.text("政策依据申请指南补贴结果对象范围标准、，（）“”《》：—0123456789.．", min_size=1, max_size=30).filter(
    lambda t: t == t.strip("，")
)
CHOSEN = st.sampled_from("■√●☑✓✔☒◆█VvＶ")
NOT_CHOSEN = st.sampled_from("□口囗〇○☐◯×")
GAP = st.sampled_from(["", " ", "　", "\n", "  \n", "\t"])


@given(st.lists(WORDS, min_size=1, max_size=25))
def test_elements_are_read_as_they_were_written(elements: list[str]) -> None:
    written = write_elements(elements)
    balanced = all(sum(e.count(c) for c in "（(") == sum(e.count(c) for c in "）)") for e in elements)
    if balanced:  # a line that ends within brackets is taken for one that the cell's width broke
        assert read_elements(written) == tuple(elements)


@pytest.mark.parametrize(
    ("written", "elements"),
    [
        ("1.政策依据；2.申请指南（对象、范围）；3.监督渠道。", ("政策依据", "申请指南（对象、范围）", "监督渠道。")),
        ("1、政策依据\n2、补贴结果", ("政策依据", "补贴结果")),
        ("（1）政策依据\n（2）补贴结果", ("政策依据", "补贴结果")),
        ("①政策依据 ②补贴结果", ("政策依据", "补贴结果")),
        ("●政策依据\n〇申请指南", ("政策依据", "申请指南")),
        ("●必选：政策依据\n〇可选：申请指南", ("政策依据", "申请指南")),
        ("政策依据；申请指南", ("政策依据", "申请指南")),
        ("1.申请指南（对象、范围、\n标准、程序）\n2.补贴结果", ("申请指南（对象、范围、标准、程序）", "补贴结果")),
        ("政策依据", ("政策依据",)),
        ("12366热线", ("12366热线",)),
        ("1.5米以下的不公开", ("1.5米以下的不公开",)),
        ("", ()),
    ],
)
def test_elements_in_every_spelling(written: str, elements: tuple[str, ...]) -> None:
    assert read_elements(written) == elements


@given(st.sets(st.sampled_from(CHANNELS)))
def test_a_grid_is_read_as_it_was_written(chosen: set[str]) -> None:
    ordered = tuple(c for c in CHANNELS if c in chosen)
    read = read_channels(write_channels(ordered))
    assert (read.chosen, read.unclear, read.unknown) == (ordered, (), ())


@given(st.data(), st.sets(st.sampled_from(CHANNELS), min_size=1), st.booleans())
def test_a_grid_is_understood_in_any_mixture_of_glyphs(data: st.DataObject, chosen: set[str], full_width: bool) -> None:
    """Each mark may be another glyph, with any space or line end around it, and the brackets of either width."""
    text = ""
    for channel in data.draw(st.permutations(CHANNELS)):
        mark = data.draw(CHOSEN if channel in chosen else NOT_CHOSEN)
        name = channel.replace("(", "（").replace(")", "）") if full_width else channel
        cut = data.draw(st.integers(1, len(name) - 1))
        broken = name[:cut] + data.draw(GAP) + name[cut:]
        text += mark + data.draw(GAP) + broken + data.draw(GAP)
    read = read_channels(text)
    assert (set(read.chosen), read.unclear, read.unknown) == (chosen, (), ())


@given(st.data(), st.sets(st.sampled_from(CHANNELS), min_size=1, max_size=12))
def test_marks_may_follow_the_names(data: st.DataObject, chosen: set[str]) -> None:
    text = "".join(channel + data.draw(CHOSEN if channel in chosen else NOT_CHOSEN) for channel in CHANNELS)
    assert set(read_channels(text).chosen) == chosen


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("政府网站、村务公开栏", ("政府网站", BOARD_CHANNEL)),
        ("■政府门户网站 口政府公报 ■“两微一端” 口新闻发布会、听证会", ("政府网站", "两微一端")),
        ("n政府网站 o政府公报 o两微一端 n广播电视", ("政府网站", "广播电视")),
        ("[√]政府网站 [ ]政府公报 [ ]两微一端", ("政府网站",)),
        ("（√）政府网站\n（ ）政府公报", ("政府网站",)),
        ("■社区/企事业单位/\n村公示栏（电子屏） 口其他", (BOARD_CHANNEL,)),
        ("■社区公示栏 ■便民服务中心 □其他______", ("便民服务站", BOARD_CHANNEL)),
        ("■村民微信群 □广播、电视", ("两微一端",)),
        ("■其他（村民会议）□精准推送", ("其他",)),
    ],
)
def test_grids_as_counties_write_them(text: str, chosen: tuple[str, ...]) -> None:
    read = read_channels(text)
    assert (read.chosen, read.unclear, read.unknown) == (chosen, (), ())


def test_what_cannot_be_seen_is_not_chosen_and_said() -> None:
    read = read_channels("■政府网站 ?政府公报 ■村村响喇叭 □大喇叭")
    assert read.chosen == ("政府网站",)
    assert read.unclear == ("政府公报",)
    assert read.unknown == ("村村响喇叭",)


@given(CHOSEN, GAP, GAP)
def test_every_chosen_glyph_marks(glyph: str, before: str, after: str) -> None:
    assert read_mark(before + glyph + after) is True


@given(NOT_CHOSEN, GAP, GAP)
def test_every_empty_glyph_does_not(glyph: str, before: str, after: str) -> None:
    assert read_mark(before + glyph + after) is False


@pytest.mark.parametrize(
    ("text", "marked"), [("是", True), ("1", True), ("", False), (" ", False), ("否", False), ("/", False), ("?", None), ("待定", None)]
)
def test_marks_in_words(text: str, marked: bool | None) -> None:
    assert read_mark(text) is marked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("√（本村村民）", (True, "本村村民")),
        ("■\n被征地农民", (True, "被征地农民")),
        ("有关农户", (True, "有关农户")),
        ("口粮田承包户", (True, "口粮田承包户")),
        ("□", (False, None)),
        ("□（本村村民）", (False, "本村村民")),
        ("", (False, None)),
    ],
)
def test_a_mark_with_its_group(text: str, expected: tuple[bool, str | None]) -> None:
    assert read_noted_mark(text) == expected


@pytest.mark.parametrize(
    ("text", "cited", "unread"),
    [
        (
            "《土地管理法》第四十七条；《土地管理法实施条例》",
            [Cited("土地管理法", None, "第四十七条"), Cited("土地管理法实施条例", None, None)],
            [],
        ),
        (
            "《某办法》（某政发〔2020〕3号）第三条、第五条\n《某通知》",
            [Cited("某办法", "某政发〔2020〕3号", "第三条、第五条"), Cited("某通知", None, None)],
            [],
        ),
        ("《某条例》（2019年修订）", [Cited("某条例", None, None)], []),
        ("《某办法》（试行）", [Cited("某办法（试行）", None, None)], []),
        ("《关于印发《某方案》的通知》、《某法》", [Cited("关于印发《某方案》的通知", None, None), Cited("某法", None, None)], []),
        ("1.《某法》\n2.《某\n条例》", [Cited("某法", None, None), Cited("某条例", None, None)], []),
        ("土地管理法第二条", [Cited("土地管理法", None, "第二条")], []),
        ("《某法》；有关规定", [Cited("某法", None, None)], ["有关规定"]),
        ("有关规定", [], ["有关规定"]),
    ],
)
def test_laws_as_cells_name_them(text: str, cited: list[Cited], unread: list[str]) -> None:
    assert read_basis(text, ["土地管理法"]) == (cited, unread)


@given(
    st.dictionaries(
        st.sampled_from(list(Level)), st.sampled_from(["农业农村局、财政局", "乡镇人民政府", "村民委员会", "公安派出所"]), min_size=1
    )
)
def test_publishers_are_read_as_they_were_written(named: dict[Level, str]) -> None:
    subject = Subjects(**{level.value: text for level, text in named.items()})
    found, borrowed = read_subject(write_subject(subject), [level for level in Level if level in named])
    assert found == {level.value: text for level, text in named.items()}
    assert borrowed == []


def test_publishers_are_told_apart_by_their_names() -> None:
    found, borrowed = read_subject("农业农村局、财政局，乡镇人民政府；村民委员会", [COUNTY, TOWNSHIP, VILLAGE])
    assert found == {"county": "农业农村局、财政局", "township": "乡镇人民政府", "village": "村民委员会"}
    assert borrowed == []


def test_a_level_without_a_publisher_takes_what_is_there_and_says_so() -> None:
    found, borrowed = read_subject("农业农村局", [COUNTY, TOWNSHIP])
    assert found == {"county": "农业农村局", "township": "农业农村局"}
    assert borrowed == [(TOWNSHIP, "农业农村局")]


@pytest.mark.parametrize(
    ("heading", "levels"),
    [
        ("县级", (COUNTY,)),
        ("县（市、区）级", (COUNTY,)),
        ("区级", (COUNTY,)),
        ("乡、村级", (TOWNSHIP, VILLAGE)),
        ("乡镇（街道）级", (TOWNSHIP,)),
        ("村（社区）级", (VILLAGE,)),
        ("社区级", (VILLAGE,)),
        ("市级", ()),
    ],
)
def test_levels_as_headings_name_them(heading: str, levels: tuple[Level, ...]) -> None:
    assert levels_in(heading) == levels


@pytest.mark.parametrize(("name", "letters"), [("涉农补贴", "snbt"), ("医疗卫生", "ylws"), ("乡村振兴促进法", "xczxcjf"), ("䶮", "")])
def test_ids_are_proposed_from_the_first_letters(name: str, letters: str) -> None:
    assert initials(name) == letters
