"""Files given out: pictures may be shown, everything else is only ever kept by whoever asked for it."""

from __future__ import annotations

from django.http import FileResponse, Http404

from luyue.records.attachments import SHOWN_AS_PICTURE, path_of
from luyue.records.models import Attachment


def given_out(attachment: Attachment, *, as_download: bool) -> FileResponse:
    """The bytes of a file, never as active content; “not found” when the store has lost them."""
    place = path_of(attachment.digest)
    if not place.exists():
        raise Http404
    is_shown = attachment.content_type in SHOWN_AS_PICTURE and not as_download
    response = FileResponse(
        place.open("rb"),
        as_attachment=not is_shown,
        filename=attachment.file_name,
        content_type=attachment.content_type if is_shown else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response
