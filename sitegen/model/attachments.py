"""Files as pages offer them."""

from __future__ import annotations

import mimetypes

from .content_views import AttachmentView
from .region import Attached


def attachment_views(files: tuple[Attached, ...]) -> tuple[AttachmentView, ...]:
    """Files under their own name beside the page."""
    return tuple(
        AttachmentView(f.title, f.href, f.size, mimetypes.guess_type(f.file)[0] or "application/octet-stream", f.file, f.digest)
        for f in files
    )
