"""Uploads: files to Clio, from paths, bytes, open files and streams, in one piece or in parts."""

from __future__ import annotations

from ...protocol.upload_plan import PART_SIZE
from .engine import abandon, upload
from .source import Source

__all__ = ["PART_SIZE", "Source", "abandon", "upload"]
