"""What can go wrong on the way to a host, told so that the webmaster knows what to do."""

from __future__ import annotations

from sitegen.model.finding import N_
from sitegen.model.told import Told


class Problem(Told):
    """Publishing stops."""

    message = N_("publishing failed: {what}")


class Unreachable(Problem):
    """The connection broke or could not be made; another attempt may succeed."""

    message = N_("{host} cannot be reached or broke off: {what}")


class WrongPassword(Problem):
    """The host does not let us in."""

    message = N_("{host} refuses user {user}: the password is wrong or missing (set {variable}, or keep it in the keyring or ~/.netrc)")


class UnknownHostKey(Problem):
    """The host is not the one we know."""

    message = N_(
        "{host} shows the key {key}, which is not known; if your provider confirms it, write it as host_key in publish.yml; nothing was sent"
    )


class NotTrusted(Problem):
    """The certificate does not hold."""

    message = N_("the certificate of {host} is not valid: {what}")


class Refused(Problem):
    """The host does not take, give or delete a file."""

    message = N_("{host} refuses {path}: {what}")


class Full(Problem):
    """There is no room left."""

    message = N_("{host} is full at {path}: {what}; nothing was deleted, make room and publish again")


class Locked(Problem):
    """Somebody else is publishing."""

    message = N_("{who} has been publishing to this target since {since}; wait, or if nobody is, add --take-over")


class Clash(Problem):
    """Files that are not ours stand where ours go."""

    message = N_("the target holds {n} files that are not ours where ours would go ({names}); keep them safe, then add --replace-foreign")


class Newer(Problem):
    """The target was written by a later version."""

    message = N_("the target was published by a newer version of sitegen (manifest format {format}); update sitegen first")


class Damaged(Problem):
    """What arrived is not what was sent."""

    message = N_("{host}: {path} did not arrive whole ({what})")


class Missing(Problem):
    """A package that this kind of target needs is not installed."""

    message = N_("this target needs a package that is not installed: pip install sitegen[{extra}]")


class NotReady(Problem):
    """The folder is not fit to be published; ``reasons`` are messages with their arguments."""

    message = N_("not published: {what}")

    def __init__(self, reasons: list[tuple[str, dict[str, object]]]) -> None:
        super().__init__(what="; ".join(template.format(**args_) for template, args_ in reasons))
        self.reasons = reasons
