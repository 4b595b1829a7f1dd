"""Uploads: files to Clio, from paths, bytes, open files and streams, in one piece or in parts."""

from __future__ import annotations

from ...protocol.upload_plan import PART_SIZE
from .abandoning import abandon
from .source import Source
from .uploading import upload

__all__ = ["PART_SIZE", "Source", "abandon", "upload"]
