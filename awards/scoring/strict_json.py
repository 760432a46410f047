"""JSON as the public files have it: one canonical text to hash, and a reader that takes nothing doubtful."""

from __future__ import annotations

import json
from typing import Any

from awards.scoring.numbers import Refused


def canonical(value: Any) -> bytes:
    """UTF-8 without escapes, keys sorted, no spaces, no final newline."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def load_json(data: bytes) -> Any:
    """Strict JSON: UTF-8, no key twice in one object, no NaN or Infinity. Raises Refused."""
    try:
        value = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_distinct_keys, parse_constant=_no_constant
        )
        canonical(value)  # lone surrogates and numbers beyond all bounds come to light here
    except (ValueError, RecursionError) as reason:
        raise Refused(f"不是有效的 JSON：{reason}") from None
    return value


def _distinct_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    box = dict(pairs)
    if len(box) != len(pairs):
        keys = [key for key, _ in pairs]
        raise Refused(f"同一对象中键重复：{next(key for key in keys if keys.count(key) > 1)!r}")
    return box


def _no_constant(name: str) -> None:
    raise Refused(f"{name} 不是 JSON 的数")
