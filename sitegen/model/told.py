"""Ends that are told to the person who runs a command: in words that can be translated, and the same in every process."""

from __future__ import annotations


class Told(Exception):
    """What was begun stops. ``message`` is a template, filled by ``args_``; each kind of end has its own."""

    message: str

    def __init__(self, **args_: object) -> None:
        super().__init__(self.message.format(**args_))
        self.args_ = args_

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.args_)


def _again(kind: type[Told], args_: dict[str, object]) -> Told:
    return kind(**args_)
