"""Laws of the plan: no place twice, a legal posting never gives way, everything placed or explained, the same for any order, few moves."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sitegen.boards.plan import BORROWED, Arrangement, Place, Room, Sheet, Way, arrange

BOARDS = ("main", "square")


@st.composite
def rooms(draw: st.DrawFn) -> tuple[Room, ...]:
    names = draw(st.lists(st.tuples(st.sampled_from(BOARDS), st.sampled_from("ABCDEF")), min_size=1, max_size=8, unique=True))
    return tuple(Room(board, slot, draw(st.integers(1, 3))) for board, slot in names)


@st.composite
def sheets(draw: st.DrawFn, wall: tuple[Room, ...], largest: int = 1) -> list[Sheet]:
    made = []
    for n in range(draw(st.integers(0, 12))):
        legal = draw(st.booleans())
        tiers = {r: draw(st.sampled_from((0, 1, 2, None))) for r in wall}
        allowed = {r: t for r, t in tiers.items() if t is not None and (legal or t < BORROWED)}
        pages = draw(st.integers(1, largest))
        ways = tuple(
            Way(board, "A3", False, pages, pages, here, draw(st.integers(0, 2)))
            for board in BOARDS
            if (here := {r.slot: t for r, t in allowed.items() if r.board == board})
        )
        slots = frozenset((r.board, r.slot) for r in allowed)
        made.append(Sheet(f"S{n}", (draw(st.integers(0, 5)),), legal, slots, lambda ways=ways: ways))  # type: ignore[misc]
    return made


@st.composite
def walls(draw: st.DrawFn, largest: int = 1) -> tuple[tuple[Room, ...], list[Sheet]]:
    wall = draw(rooms())
    return wall, draw(sheets(wall, largest))


def places(made: Arrangement) -> dict[str, tuple[Place, ...]]:
    return {code: h.places for code, h in made.hung.items()}


@given(walls(largest=3))
def test_no_place_is_used_twice_and_every_sheet_hangs_as_it_may(case: Any) -> None:
    wall, all_sheets = case
    made = arrange(wall, all_sheets)
    used = Counter(p for h in made.hung.values() for p in h.places)
    assert not [p for p, n in used.items() if n > 1]
    room = {(r.board, r.slot): r.places for r in wall}
    by_code = {s.code: s for s in all_sheets}
    for code, hung in made.hung.items():
        assert hung.way in by_code[code].ways()
        assert len(hung.places) == hung.way.places
        for p in hung.places:
            assert p.n < room[p.board, p.slot]
            assert p.board == hung.way.board
            assert p.slot in hung.way.tiers


@given(walls(largest=3))
def test_every_sheet_is_placed_or_explained(case: Any) -> None:
    wall, all_sheets = case
    made = arrange(wall, all_sheets)
    assert set(made.hung) | set(made.left) == {s.code for s in all_sheets}
    assert not set(made.hung) & set(made.left)
    for code, left in made.left.items():
        sheet = next(s for s in all_sheets if s.code == code)
        assert (left.why == "topic") == (not sheet.slots)
        if left.why == "full":
            assert set(left.taken_by) <= set(made.hung)


@given(walls(largest=3))
def test_a_legal_posting_never_gives_way_to_a_sheet_without_one(case: Any) -> None:
    wall, all_sheets = case
    legal = [s for s in all_sheets if s.legal]
    alone, together = arrange(wall, legal), arrange(wall, all_sheets)
    assert {s.code for s in legal} & set(together.hung) == set(alone.hung)


@given(walls(largest=3), st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_makes_no_difference(case: Any, rng: random.Random) -> None:
    wall, all_sheets = case
    first = arrange(wall, all_sheets)
    other_rooms, other_sheets = list(wall), list(all_sheets)
    rng.shuffle(other_rooms)
    rng.shuffle(other_sheets)
    again = arrange(other_rooms, other_sheets)
    assert places(again) == places(first)
    assert again.left == first.left


@given(walls())
def test_as_many_legal_postings_hang_as_there_can(case: Any) -> None:
    wall, all_sheets = case
    legal = [s for s in all_sheets if s.legal]
    made = arrange(wall, all_sheets)
    assert sum(s.code in made.hung for s in legal) == most(wall, legal)


def most(wall: tuple[Room, ...], wanting: list[Sheet]) -> int:
    """The largest matching, found in the plainest way."""
    room = {(r.board, r.slot): r.places for r in wall}
    holds: dict[Place, Sheet] = {}

    def find(sheet: Sheet, tried: set[Place]) -> bool:
        for key in sheet.slots:
            for n in range(room[key]):
                place = Place(*key, n)
                if place not in tried:
                    tried.add(place)
                    if place not in holds or find(holds[place], tried):
                        holds[place] = sheet
                        return True
        return False

    return sum(find(s, set()) for s in wanting)


@given(walls())
def test_what_hangs_stays_when_nothing_changes(case: Any) -> None:
    wall, all_sheets = case
    first = arrange(wall, all_sheets)
    assert places(arrange(wall, all_sheets, first.hung)) == places(first)


@given(walls(), st.data())
def test_when_a_sheet_comes_down_no_other_moves(case: Any, data: st.DataObject) -> None:
    wall, all_sheets = case
    before = arrange(wall, all_sheets)
    if not before.hung:
        return
    gone = data.draw(st.sampled_from(sorted(before.hung)))
    after = arrange(wall, [s for s in all_sheets if s.code != gone], before.hung)
    stayed = {code: h for code, h in places(before).items() if code != gone}
    moved = [code for code, where in stayed.items() if places(after).get(code) != where]
    fresh = set(after.hung) - set(before.hung)
    assert len(fresh) <= 1
    # A sheet that waited may need somebody to make room; without one nothing moves.
    assert not moved or fresh
    assert set(stayed) <= set(after.hung)


@given(walls(), st.data())
def test_a_sheet_that_finds_a_free_place_moves_nobody(case: Any, data: st.DataObject) -> None:
    wall, all_sheets = case
    if not all_sheets:
        return
    new = data.draw(st.sampled_from(all_sheets))
    before = arrange(wall, [s for s in all_sheets if s.code != new.code])
    after = arrange(wall, all_sheets, before.hung)
    used = {p for h in before.hung.values() for p in h.places}
    free = any(
        Place(w.board, slot, n) not in used
        for w in new.ways()
        for slot, tier in w.tiers.items()
        if tier < BORROWED
        for r in wall
        if (r.board, r.slot) == (w.board, slot)
        for n in range(r.places)
    )
    if free:
        assert {c: p for c, p in places(after).items() if c != new.code} == places(before)
        assert new.code in after.hung
    else:
        assert len(set(before.hung) - set(after.hung)) <= 1


def test_pages_of_a_sheet_hang_beside_each_other_on_one_board() -> None:
    wall = (Room("main", "A", 1), Room("main", "B", 1), Room("square", "C", 3))
    ways = (Way("main", "A3", False, 3, 3, {"A": 0, "B": 0}), Way("square", "A3", False, 3, 3, {"C": 0}))
    long = Sheet("L", (0,), True, frozenset({("main", "A"), ("main", "B"), ("square", "C")}), lambda: ways)
    made = arrange(wall, [long])
    assert made.hung["L"].places == (Place("square", "C", 0), Place("square", "C", 1), Place("square", "C", 2))
    assert arrange(wall[:2], [long]).left["L"].why == "size"


def test_a_posting_borrows_a_slot_only_when_its_own_are_taken() -> None:
    wall = (Room("main", "C", 1), Room("main", "F", 1))

    def posting(code: str, start: int) -> Sheet:
        return Sheet(
            code, (start,), True, frozenset({("main", "C"), ("main", "F")}), lambda: (Way("main", "A3", False, 1, 1, {"C": 0, "F": 2}),)
        )

    accounts = Sheet("F", (0,), False, frozenset({("main", "F")}), lambda: (Way("main", "A3", False, 1, 1, {"F": 0}),))
    one = arrange(wall, [posting("P", 1), accounts])
    assert places(one) == {"P": (Place("main", "C", 0),), "F": (Place("main", "F", 0),)}
    two = arrange(wall, [posting("P", 1), posting("Q", 2), accounts], one.hung)
    assert places(two) == {"P": (Place("main", "C", 0),), "Q": (Place("main", "F", 0),)}
    assert two.hung["Q"].borrowed
    assert two.left["F"].taken_by == ("Q",)
    # The older posting is over: the younger one stays where it is, and the accounts wait for their slot.
    three = arrange(wall, [posting("Q", 2), accounts], two.hung)
    assert places(three) == {"Q": (Place("main", "C", 0),), "F": (Place("main", "F", 0),)}


@given(walls(largest=2), st.data())
def test_a_posting_that_hangs_goes_on_hanging_whatever_comes(case: Any, data: st.DataObject) -> None:
    wall, all_sheets = case
    first = data.draw(st.lists(st.sampled_from(all_sheets), unique_by=lambda s: s.code)) if all_sheets else []
    before = arrange(wall, first)
    after = arrange(wall, all_sheets, before.hung)
    # It may be hung elsewhere to make room for another posting; it never comes down.
    assert {s.code for s in first if s.legal} & set(before.hung) <= set(after.hung)
