"""Static files by digest, compressed once, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CompressedManifest(CompressedManifestStaticFilesStorage):
    """A file that no manifest names is served by its plain name, so that a missing picture never stops a page."""

    manifest_strict = False
