"""Receiving the files that records stand for."""

from .download import Download, download
from .saving import download_to

__all__ = ["Download", "download", "download_to"]
