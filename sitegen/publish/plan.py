"""What has to go up and what has to go: from what lies here, what is known of the target, and what an earlier run left undone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct

from .tree import LocalFile, Phase, deletion_order, homes, in_order, sized


class Plan(Struct, frozen=True):
    """Changes in their order."""

    send: Mapping[Phase, list[str]]
    new: frozenset[str]
    """Of those sent, paths that the target does not have."""
    delete: tuple[str, ...]
    unchanged: int
    bytes: int

    @property
    def sending(self) -> list[str]:
        """Every path that goes up, in order."""
        return [path for paths in self.send.values() for path in paths]

    @property
    def nothing(self) -> bool:
        """Whether the target has everything already, and nothing else of ours."""
        return not self.send and not self.delete


def make_plan(files: Mapping[str, LocalFile], known: Mapping[str, str], doubtful: Collection[str], foreign: Collection[str]) -> Plan:
    """``known``: digests of our files on the target; ``doubtful``: paths that may be there in any state; ``foreign``: to be deleted as well."""
    send = [path for path, file in files.items() if known.get(path) != file.sha256]
    gone = {path for path in (*known, *doubtful, *foreign) if path not in files}
    first = homes([*files, *gone])
    return Plan(
        send=in_order(send, first),
        new=frozenset(path for path in send if path not in known),
        delete=tuple(deletion_order(gone, first)),
        unchanged=len(files) - len(send),
        bytes=sized(files, send),
    )
