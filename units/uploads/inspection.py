"""What a file is, told from its bytes whatever it is called, and whether it does nothing but show itself."""

import hashlib
from collections.abc import Collection

from units.papers.values import shortened
from units.uploads import compound, film, images, packages, pdf
from units.uploads.facts import (
    DEFAULT_KINDS,
    KINDS,
    LARGEST,
    MEGABYTE,
    FileFacts,
    UploadRefused,
    display_name,
)

SAME_ENDING = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "m4v": "mp4"}
OLD_ENDINGS = {"doc": "docx", "xls": "xlsx", "et": "xlsx", "wps": "docx", "docm": "docx", "xlsm": "xlsx"}


def inspect(
    file, *, name: str, allowed: Collection[str] = DEFAULT_KINDS, max_bytes: int | None = None
) -> FileFacts:
    """Judge an open binary file; it is left at its beginning.

    Raises UploadRefused when the kind is not `allowed`, or the file is empty, too large, broken, locked, or does
    something when it is opened (macros, scripts, links to data elsewhere, other files inside).
    """
    shown, ending = display_name(name), _ending(name)
    _check_ending(shown, ending, allowed)
    size, digest = _measure(file)
    if not size:
        raise UploadRefused(f"“{shown}”是空文件，请检查后重新选择。")
    if size > LARGEST:
        raise _too_large(shown, size, LARGEST)
    found = _kind_of(file, size, shown)
    file.seek(0)
    if found not in allowed:
        raise UploadRefused(f"“{shown}”的内容不是{KINDS[ending].label}，{KINDS[ending].advice}后再上传。")
    kind = KINDS[found]
    limit = min(max_bytes or kind.max_bytes, kind.max_bytes)
    if size > limit:
        raise _too_large(shown, size, limit)
    return FileFacts(found, kind.content_type, digest, size, digest)


def _too_large(shown: str, size: int, limit: int) -> UploadRefused:
    return UploadRefused(f"“{shown}”有{_megabytes(size)}，超过{_megabytes(limit)}，请压缩或拆分后再上传。")


def _ending(name: str) -> str:
    ending = display_name(name).rpartition(".")[2].lower() if "." in name else ""
    return SAME_ENDING.get(ending, ending)


def _check_ending(shown: str, ending: str, allowed: Collection[str]) -> None:
    if ending in allowed and ending in KINDS:
        return
    wanted = "、".join(kind for kind in KINDS if kind in allowed)
    better = OLD_ENDINGS.get(ending)
    advice = f"请在WPS中另存为{better}后再上传" if better in allowed else f"可以上传{wanted}"
    raise UploadRefused(f"“{shortened(shown, 40)}”不能上传：{advice}。")


def _measure(file) -> tuple[int, str]:
    file.seek(0)
    size, digest = 0, hashlib.sha256()
    while block := file.read(MEGABYTE):
        size += len(block)
        digest.update(block)
    return size, digest.hexdigest()


def _kind_of(file, size: int, shown: str) -> str | None:
    """The kind by content, None when it is none of ours."""
    file.seek(0)
    head = file.read(32)
    if head.startswith(b"%PDF-"):
        return pdf.check(file, size, shown)
    if head.startswith(b"PK\x03\x04"):
        return packages.kind_of(file, shown)
    if head.startswith(compound.SIGNATURE):
        return compound.kind_of(file, size, shown)
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return images.kind_of(file, shown)
    if head[4:8] == b"ftyp":
        return "mp4" if film.is_mp4(file, size, head[8:12]) else None
    return None


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".removesuffix(".0") + "MB"
