"""How every record stands to what was released of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from sitegen.forms import form_of_derived, form_of_record
from sitegen.load.files import digest
from sitegen.model.canonical import Form
from sitegen.model.lastday import posting_end
from sitegen.model.ledger import History, Name
from sitegen.model.matter import Derived, is_public
from sitegen.model.record import Posting
from sitegen.model.region import Record, Unit

from .binding import Binding, bind
from .scope import Scope

State = Literal["new", "released", "changed", "behind", "revised", "withdrawn"]
"""``new``: nothing was released; ``changed``: not what was released under this revision; ``behind``: a higher revision was released;
``revised``: a higher revision than was released, or a slice whose rows changed; ``withdrawn``: until it is released again."""


class Release(Struct, frozen=True):
    """One record that is there, own or derived, beside its history."""

    name: Name
    code: str
    history: History | None
    state: State
    rev: int
    """The revision of what is there now."""
    record: Record
    """The record itself; of a derived one its source."""
    derived: Derived | None = None

    @property
    def why(self) -> str | None:
        """Why this revision was made, as far as its author says."""
        return self.record.front.revision.why


class Releases:
    """Judges records one by one; what is heavy is looked at only where the files are not those of the release."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.region = scope.region
        self.binding: Binding = bind(scope.region, scope.matters)

    def of_unit(self, unit: Unit) -> Iterator[Release]:
        """Every public record of a unit whose item is known, own before derived, in fixed order."""
        for record in unit.records:
            if is_public(record) and record.front.item in self.region.catalog.items:
                yield self.own(record)
        for derived in self.scope.matters.derived.get(unit.code, ()):
            yield self.derived(derived)

    def own(self, record: Record) -> Release:
        """A record that its unit writes itself."""
        name = (record.unit, record.front.id)
        code = self.binding.codes[name]
        history = self.binding.histories.get(code)
        n = record.front.revision.n
        last = history.last if history else None
        state: State
        if history is None or last is None:
            state = "withdrawn" if history and history.withdrawn else "new"
        elif history.withdrawn:
            state = "withdrawn"
        elif n != last.rev:
            state = "behind" if n < last.rev else "revised"
        elif last.basis == self.basis_of(record) or last.digest == self.form_of(record).digest:
            state = "released"
        else:
            state = "changed"
        return Release(name, code, history, state, n, record)

    def derived(self, derived: Derived) -> Release:
        """A village's part of a list. Its revision rises only when its own rows or words change."""
        name = (derived.unit, derived.key)
        code = self.binding.codes[name]
        history = self.binding.histories.get(code)
        last = history.last if history else None
        state: State
        rev = derived.source.front.revision.n
        if history is not None and history.withdrawn:
            state = "withdrawn"
        elif last is None:
            state = "new"
        elif last.basis == self.basis_of_derived(derived) or last.digest == self.form_of_derived(derived).digest:
            state, rev = "released", last.rev
        else:
            state, rev = "revised", last.rev + 1
        return Release(name, code, history, state, rev, derived.source, derived)

    def basis_of(self, record: Record) -> str:
        """What an own record's content depends on, without opening it."""
        return digest(record.digest, self._end(record.front.posting))

    def basis_of_derived(self, derived: Derived) -> str:
        """What a derived record's content depends on, without opening it."""
        front = derived.source.front
        note = self.scope.matters.notes.get((derived.unit, derived.key))
        posting = note.front.posting if note is not None and note.front.posting is not None else front.posting
        said = (front.title, front.formed.isoformat(), front.published.isoformat(), repr(front.document), front.period or "")
        return digest(derived.slice.digest, note.digest if note else "", *said, self._end(posting))

    def form(self, release: Release) -> Form:
        """The canonical form of what is there now."""
        return self.form_of_derived(release.derived) if release.derived else self.form_of(release.record)

    def basis(self, release: Release) -> str:
        """See :meth:`basis_of`."""
        return self.basis_of_derived(release.derived) if release.derived else self.basis_of(release.record)

    def form_of(self, record: Record) -> Form:
        """The canonical form of an own record."""
        content = self.region.units[record.unit].contents()[record.front.id]
        schema = self.region.catalog.tables.get(content.table.schema) if content.table else None
        return form_of_record(record, content, schema, self.scope.calendar)

    def form_of_derived(self, derived: Derived) -> Form:
        """The canonical form of a village's part of a list."""
        source = derived.source
        item = self.region.catalog.items[source.front.item]
        assert item.counterpart
        assert item.counterpart.slice
        assert item.table
        content = self.region.units[source.unit].contents()[source.front.id]
        note = self.scope.matters.notes.get((derived.unit, derived.key))
        schema = self.region.catalog.tables[item.table]
        return form_of_derived(derived, content, schema, item.counterpart.slice, note, self.scope.calendar)

    def _end(self, posting: Posting | None) -> str:
        return f"{posting.start} {posting_end(posting, self.scope.calendar).date}" if posting else ""
