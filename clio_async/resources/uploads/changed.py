"""What goes wrong within an upload. It leaves it as an `IncompleteUpload`, which has the handle."""

from __future__ import annotations

from ...errors import TransferError

__all__ = ["Changed", "Ended"]


class Changed(TransferError):
    """The source changed, or is not the one that the upload had begun with. Leaves it as a `SourceChanged`."""


class Ended(TransferError):
    """The upload cannot go on as others can. The message says all there is to say."""
