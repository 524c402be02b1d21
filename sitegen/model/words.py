"""What residents read about whether counterparts agree: Chinese sentences without findings' codes and file names."""

from __future__ import annotations

from collections.abc import Mapping

from .compare import Difference
from .matter import Pair

_FEW = 3


def differences_text(pair: Pair, names: Mapping[str, str], *, seen_from_there: bool = False) -> str | None:
    """In what the two records of a pair differ, in a sentence; ``None`` when they agree.

    ``names`` are the units' names by code. Seen from the government's record the sides are exchanged.
    """
    here, there = names[pair.here.unit], names[pair.there.unit]
    if pair.no_rows:
        return f"{there}的表中没有{here}"
    if pair.texts_differ is not None:
        return "两处的文字不同"
    if not pair.differences:
        return None
    shown = [d.turned() for d in pair.differences] if seen_from_there else list(pair.differences)
    other = here if seen_from_there else there
    texts = [_text(d, other) for d in shown[:_FEW]]
    rest = len(shown) - _FEW
    return "；".join(texts) + (f"；另有{rest}处" if rest > 0 else "")


def _text(d: Difference, other: str) -> str:
    row = d.row or "有一行"
    match d.kind:
        case "cell":
            return f"{row}的{d.column}，这里{d.here}，{other}{d.there}"
        case "only_here":
            return f"{other}的表中没有{row}"
        case "only_there":
            return f"{other}的表中有{row}，这里没有"
        case "key":
            return f"{row}的{d.column}两处不同"
        case "merged":
            return f"{row}在{other}的表中单列，这里并在另一行"
        case "split":
            return f"{row}在这里单列，{other}并在另一行"
        case "shifted":
            return f"{d.column}从{row}起错行，共{d.count}处"
        case "total":
            return f"{d.column}合计，这里{d.here}，{other}{d.there}"
        case "mask":
            return f"{d.column}两处遮掩得不一样"
        case "column":
            return f"{d.column}只有一处公开"
