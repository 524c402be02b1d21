"""A record as a line of a list: made some forty thousand times in a county, so by hand rather than by a template.

Everything that people wrote is escaped here.
"""

from __future__ import annotations

from sitegen.escaping import escape
from sitegen.model.content_views import Figure
from sitegen.model.record_views import RecordView
from sitegen.once import Once

_FEW = 4
_SUMS = ("合计", "总计", "总额", "余额")


def line(record: RecordView, href: str, day: str, topic: str) -> str:
    """A line: title, day as it is to be read, topic ("" for none), chips of state, figures."""
    title, rest = _same_everywhere(record)
    of = f"<span>{escape(topic)}</span>" if topic else ""
    return f'<li><a href="{href}">{title}</a><p><time datetime="{record.published}">{day}</time>{of}{rest}</li>'


def _title_and_rest(record: RecordView) -> tuple[str, str]:
    return escape(record.title), f"{chips(record)}</p>{figures(key_figures(record))}"


_same_everywhere = Once(_title_and_rest)
"""A record stands in eight lists and more."""


def key_figures(record: RecordView) -> tuple[Figure, ...]:
    """The figures for a line in a list: all when they are few, else the sums and balances, else the first and the last."""
    every = record.figures
    if len(every) <= _FEW:
        return every
    sums = tuple(f for f in every if f.label.endswith(_SUMS))
    return sums[:_FEW] if len(sums) > 1 else (*every[: _FEW - 1], every[-1])


def chips(record: RecordView) -> str:
    """The states of a record, each with its word: in force or not, posted or not, stage, revision."""
    made = ""
    posting = record.posting
    if record.validity != "有效":
        made = f'<span class="chip over">{record.validity}</span>'
    elif posting is not None:
        match posting.state:
            case "on":
                made = f'<span class="chip on" data-until="{posting.end}">公示中</span>'
            case "upcoming":
                made = (
                    f'<span class="chip soon" data-from="{posting.start}" data-until="{posting.end}" data-over="公示结束">即将公示</span>'
                )
            case "over":
                made = '<span class="chip over">公示已结束</span>'
    if record.stage:
        made += f'<span class="chip stage">{record.stage}</span>'
    if record.rev > 1:
        made += f'<span class="chip stage">第{record.rev}版</span>'
    return made


def figures(shown: tuple[Figure, ...]) -> str:
    """The line of figures; "" for none."""
    if not shown:
        return ""
    parts = []
    for f in shown:
        label = f"{escape(f.label)} " if f.label and f.label != f"{f.unit}数" else ""
        parts.append(f"<span>{label}<i><b>{f.value:,.{f.decimals}f}</b> {escape(f.unit)}</i></span>")
    return f'<p class="figs">{"".join(parts)}</p>'
