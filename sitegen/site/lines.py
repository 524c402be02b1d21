"""A record as a line of a list: made some forty thousand times in a county, so by hand rather than by a template.

Everything that people wrote is escaped here.
"""

from __future__ import annotations

from sitegen.model.views import Figure, RecordView
from sitegen.text import escape


def line(record: RecordView, href: str, day: str, topic: str, key_figures: tuple[Figure, ...]) -> str:
    """A line: title, day as it is to be read, topic ("" for none), chips of state, figures."""
    of = f"<span>{escape(topic)}</span>" if topic else ""
    return (
        f'<li><a href="{href}">{escape(record.title)}</a><p><time datetime="{record.published}">{day}</time>{of}{chips(record)}</p>'
        f"{figures(key_figures)}</li>"
    )


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
