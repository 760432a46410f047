"""A submission as bytes that never change."""

import hashlib
import json
from collections.abc import Mapping


def canonical_bytes(content: Mapping) -> bytes:
    """Canonical JSON: UTF-8 without escapes, keys sorted, no spaces, no final newline.

    Figures are decimal strings, so that no reader's float can change them. Raises TypeError for a value
    that JSON does not know.
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def digest_of_content(content: Mapping) -> str:
    """Lower-case hex sha256 of the canonical bytes."""
    return hashlib.sha256(canonical_bytes(content)).hexdigest()
