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


class NeverReached(Unreachable):
    """No attempt succeeded."""

    message = N_(
        "{address} cannot be reached ({what}): look at the address in publish.yml (host, port) and at the network; nothing was sent"
    )


class NoData(Unreachable):
    """FTP: commands pass, files do not."""

    message = N_(
        "{host} answers, but no file can pass ({what}): turn «passive» of this target round in publish.yml (true is the default), "
        "or ask whether a firewall stands between"
    )


class NeedsTls(Problem):
    """FTP without encryption is not taken."""

    message = N_("{host} takes encrypted connections only ({what}): write ftps:// instead of ftp:// in publish.yml; nothing was sent")


class NoTls(Problem):
    """FTP with encryption is not spoken."""

    message = N_(
        "{host} does not offer encryption here ({what}): ask your provider, add «implicit: true» or another port, or write ftp:// in publish.yml; "
        "nothing was sent"
    )


class WrongPassword(Problem):
    """The host does not let us in."""

    message = N_("{host} refuses user {user}: the password is wrong or missing (set {variable}, or keep it in the keyring or ~/.netrc)")


class UnknownHostKey(Problem):
    """The host is one that we do not know."""

    message = N_(
        "{host} shows the key {key}, which is not known; if your provider confirms it, write it as host_key in publish.yml; nothing was sent"
    )


class ChangedHostKey(UnknownHostKey):
    """The host shows another key than it did."""

    message = N_(
        "{host} shows another key ({key}) than the one that {known} knows: somebody may stand in between. Ask your provider; only if it confirms the "
        "new key, write it as host_key in publish.yml; nothing was sent"
    )


class BadKeyFile(Problem):
    """The private key cannot be used."""

    message = N_("the key file {file} cannot be used ({what}): it must be a private key without a passphrase, or load it into the agent")


class NotTrusted(Problem):
    """The certificate does not hold."""

    message = N_("the certificate of {host} is not valid: {what}; nothing was sent")


class WrongClock(Problem):
    """The host compares the time of requests with its own."""

    message = N_("{host} finds the clock of this computer wrong ({what}): set it and publish again")


class Refused(Problem):
    """The host does not take, give or delete a file."""

    message = N_(
        "{host} refuses {path}: {what}. Look whether «to» in publish.yml names the right folder and whether this user may write there; if it is "
        "this name alone that is not taken, ask your provider"
    )


class NoBucket(Refused):
    """There is no such bucket, or not there."""

    message = N_(
        "there is no bucket «{host}» there ({what}): look at «to», «endpoint» and «region» in publish.yml; whether it exists, the provider's console tells"
    )


class NoDav(Problem):
    """A web server that takes no files."""

    message = N_(
        "{host} takes no files by WebDAV at this address ({what}): look at the folder in «to» (many providers name one of their own for WebDAV) and at the port"
    )


class Full(Problem):
    """There is no room left."""

    message = N_("{host} is full at {path}: {what}; nothing was deleted, make room and publish again")


class Unnameable(Problem):
    """A name cannot be written as the host writes names."""

    message = N_("{path} cannot be written in {encoding}: correct «encoding» of this target in publish.yml, or rename the file")


class Busy(Problem):
    """Another process of this computer is publishing to the same target."""

    message = N_("this computer is publishing to this target already, perhaps in another window: wait until that is done")


class Overtaken(Problem):
    """Another publisher took the lock of a computer that had not been heard of for minutes."""

    message = N_(
        "another publisher has taken over, since this computer had not been heard of for some minutes (asleep, or without network); "
        "the rest was not sent: publish again when the other is done"
    )


class Locked(Problem):
    """Somebody else is publishing."""

    message = N_("{who} has been publishing to this target since {since}; wait, or if nobody is, add --take-over")


class Clash(Problem):
    """Files that are not ours stand where ours go."""

    message = N_("the target holds {n} files that are not ours where ours would go ({names}); keep them safe, then add --replace-foreign")


class OtherSite(Problem):
    """The target holds what was published for another host."""

    message = N_(
        "the target holds the site of {other}, not of {host}: correct «to» or «host» in publish.yml; if {host} is really to replace it, "
        "add --replace-foreign (keeps its other files) or --prune-foreign (deletes them)"
    )


class Misplaced(Problem):
    """A folder target that holds the region, or lies in what is to be published."""

    message = N_("{folder} is the region's own folder, or holds it, or lies in public/: name another folder as «to» in publish.yml")


class NoFile(Problem):
    """publish.yml names a file that is not there."""

    message = N_("«{key}» in publish.yml names {file}, which is not there")


class Rebuilt(Problem):
    """What is to be sent is not what it was when the run began."""

    message = N_("{path} changed or vanished while it was to be sent: is somebody building? Publish again when that is done")


class Newer(Problem):
    """The target was written by a later version."""

    message = N_("the target was published by a newer version of sitegen (manifest format {format}); update sitegen first")


class Damaged(Problem):
    """What arrived is not what was sent."""

    message = N_("{host}: {path} did not arrive whole ({what})")


class Missing(Problem):
    """A package that this kind of target needs is not installed."""

    message = N_(
        "this target needs the package «{package}» besides: docs/install.md, «Additions», says how to add it (with pipx: pipx inject sitegen {package})"
    )


class NotReady(Problem):
    """The folder is not fit to be published; ``reasons`` are messages with their arguments."""

    message = N_("not published: {what}")

    def __init__(self, reasons: list[tuple[str, dict[str, object]]]) -> None:
        super().__init__(what="; ".join(template.format(**args_) for template, args_ in reasons))
        self.reasons = reasons
