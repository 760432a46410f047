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


def digest_of_text(content: Mapping) -> str:
    """Of what the stamped page confirms: everything the paper prints, so without the list of files."""
    return digest_of_content({name: value for name, value in content.items() if name != "attachments"})


def short_digest(digest: str) -> str:
    """As the foot of the paper has it, to be compared by eye: 1A2B-3C4D-5E6F."""
    return "-".join(digest[place : place + 4].upper() for place in (0, 4, 8))
