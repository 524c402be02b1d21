"""Why the system, the network or a certificate refuses something, in words for whoever must do something about it."""

from __future__ import annotations

import errno
import ftplib
import http.client
import re
import socket
import ssl

from .finding import N_

NO_NAME = N_("there is no host of this name, or no network")
NOBODY = N_("nothing answers at this port")
SILENT = N_("no answer in time")
CUT = N_("the line was cut")
NO_WAY = N_("there is no way to it: no network, or a firewall")
NO_TLS = N_("what answers there speaks no TLS")
OTHER_TONGUE = N_("what answers there is another kind of server: look at the port, and at what stands before :// in «to»")

EXPIRED = N_("it has expired: ask your provider to renew it, and look whether the clock of this computer is right")
NOT_YET = N_("it is not valid yet: set the clock of this computer")
OTHER_NAME = N_("it is made out to another name: write that name as the host, not an IP address; your provider knows it")
UNKNOWN_SIGNER = N_(
    "no authority that this computer knows has signed it: ask your provider for the authority's certificate, lay the file beside publish.yml "
    "and name it there as «ca»"
)

SYSTEM = (
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("No such file or directory"),
    N_("No such device"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("File exists"),
    N_("File name too long"),
    N_("Invalid argument"),
    N_("Input/output error"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("Read-only file system"),
    N_("Too many open files"),
    N_("Directory not empty"),
    N_("Device or resource busy"),
)
"""What systems say of files, so that it is translated."""

_CERTIFICATE = {9: NOT_YET, 10: EXPIRED, 18: UNKNOWN_SIGNER, 19: UNKNOWN_SIGNER, 20: UNKNOWN_SIGNER, 21: UNKNOWN_SIGNER}
_CERTIFICATE |= {62: OTHER_NAME, 64: OTHER_NAME}
"""Codes of X.509 verification."""

_WORDS = (
    (r"dns error|failed to lookup address|name or service not known|nodename nor servname|getaddrinfo failed", NO_NAME),
    (r"connection refused|actively refused", NOBODY),
    (r"timed? ?out", SILENT),
    (r"connection (reset|closed|lost)|broken pipe|unexpected eof", CUT),
    (r"network is unreachable|no route to host|host is unreachable", NO_WAY),
    (r"wrong.version.number|invalidcontenttype|corrupt message", NO_TLS),
)
_SIGNED = (
    (r"not ?yet ?valid|notvalidyet", NOT_YET),
    (r"expired", EXPIRED),
    (r"not ?valid ?for ?name|hostname mismatch|ip address mismatch", OTHER_NAME),
    (r"unknown ?issuer|self.?signed|caused ?as ?end ?entity|unable to get local issuer", UNKNOWN_SIGNER),
)


def cause(error: BaseException) -> str:
    """What happened, as a text that can be translated; the error's own words where it is nothing that is known."""
    reason = getattr(error, "reason", None)  # urllib wraps what really happened
    if isinstance(reason, BaseException):
        return cause(reason)
    match error:
        case ssl.SSLCertVerificationError():
            return _CERTIFICATE.get(error.verify_code, error.verify_message or str(error))
        case socket.gaierror():
            return NO_NAME
        case ConnectionRefusedError():
            return NOBODY
        case TimeoutError():
            return SILENT
        case ConnectionResetError() | ConnectionAbortedError() | BrokenPipeError() | EOFError():
            return CUT
        case http.client.BadStatusLine() | ftplib.error_proto():
            return OTHER_TONGUE
        case OSError() if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
            return NO_WAY
        case OSError() if error.strerror in SYSTEM:
            return str(error.strerror)
    text = str(error)
    return in_words(text) or text or type(error).__name__


def in_words(text: str) -> str:
    """What a library's message about a connection or a certificate means; "" where it is nothing that is known."""
    about = _SIGNED + _WORDS if "certificate" in text.lower() else _WORDS
    return next((words for pattern, words in about if re.search(pattern, text, re.IGNORECASE)), "")
