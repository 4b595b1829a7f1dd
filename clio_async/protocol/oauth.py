"""OAuth 2.0 as Clio speaks it (RFC 6749; https://docs.developers.clio.com/api-docs/authorization): what is said, and
what the answers mean.
"""

from __future__ import annotations

from ..messages import Response

__all__ = ["reason_of"]


def reason_of(response: Response) -> str:
    """Return why a token was refused (401), as far as the answer says: "expired", "revoked" or "unknown"."""
    said = f"{response.headers.get('www-authenticate', '')} {response.body[:2000].decode('latin-1')}".lower()
    return next((reason for reason in ("expired", "revoked") if reason in said), "unknown")
