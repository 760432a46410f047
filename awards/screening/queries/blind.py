"""What stands against showing a file to reviewers: names and numbers in it, its makers, what nobody could read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from awards.screening.queries.file import File
from awards.screening.rules.blindness import find_identity


@dataclass(frozen=True)
class Look:
    """hits: sentences on what was found; barred: why reviewers may not have it at all; caution: what to look at oneself."""

    hits: tuple[str, ...] = ()
    barred: str = ""
    caution: str = ""


UNSEEN = Look(caution="上传时没有检查内容，请打开核对。")


def looks_of(file: File) -> dict[str, Look]:
    """By slug, for each attachment that its unit calls blind."""
    rows = file.nomination.reading_rows
    return {row["slug"]: _look(row, file.names) for row in rows}


def _look(row: dict[str, Any], names: list[str]) -> Look:
    found = Counter(span.name for span in find_identity(row["text"], names))
    hits = tuple(f"文字中出现{said}（{count}处）" for said, count in found.most_common(8))
    seen_only = row["name"].rpartition(".")[2].lower() in ("jpg", "png", "mp4")
    unread = "图片、视频里的文字" if seen_only else "部分内容"
    caution = "" if row["is_read"] else f"{unread}无法自动检查，请打开核对。"
    barred = f"文档属性无法清除：{'、'.join(row['traces'])}" if row["traces"] else ""
    return Look(hits, barred, caution)
