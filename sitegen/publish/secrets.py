"""Passwords: from the environment, the keyring of the system, or ~/.netrc; never from a file of the region."""

from __future__ import annotations

import netrc
import os
from pathlib import Path

from msgspec import Struct

from sitegen.model.publishing import Target

SERVICE = "sitegen"


class Secret(Struct, frozen=True):
    """Who we are on a target; both parts "" where nothing is known. It is never printed."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Secret(…)"


def variable(target: Target, what: str = "PASSWORD") -> str:
    """The name of the environment variable: SITEGEN_PASSWORD_<ID>."""
    return f"SITEGEN_{what}_{target.id.upper().replace('-', '_')}"


def secret_of(target: Target) -> Secret:
    """Environment before keyring before netrc. For S3 the user is the access key's id, and the password its secret."""
    user = _environment(variable(target, "USER")) or target.user or ""
    password = _environment(variable(target))
    if target.kind == "s3":
        user = user or os.environ.get("AWS_ACCESS_KEY_ID", "")
        password = password or os.environ.get("AWS_SECRET_ACCESS_KEY")
    if password is None and user:
        password = _from_keyring(f"{user}@{target.server}")
    if password is None:
        found = _from_netrc(target.server)
        if found and (not user or found.user == user):
            return found
    return Secret(user, password or "")


def _environment(name: str) -> str | None:
    """Files and copying leave line ends behind; no password has one."""
    found = os.environ.get(name)
    return found.strip("\r\n") if found is not None else None


def _from_keyring(name: str) -> str | None:
    """What ``keyring set sitegen user@host`` kept; nothing where there is no keyring."""
    try:
        import keyring
    except ImportError:
        return None
    try:
        found: str | None = keyring.get_password(SERVICE, name)
        return found
    except Exception:  # each backend has its own: locked, not there, no desktop
        return None


def _from_netrc(host: str) -> Secret | None:
    place = os.environ.get("NETRC") or str(Path("~/.netrc").expanduser())
    try:
        found = netrc.netrc(place).authenticators(host)
    except (OSError, ValueError, netrc.NetrcParseError):  # ValueError: not in the system's encoding
        return None
    return Secret(found[0], found[2] or "") if found else None
