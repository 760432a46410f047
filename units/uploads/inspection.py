"""What a file is, told from its bytes; its name only has to agree."""

import hashlib
import re
from collections.abc import Collection

from units.papers.values import shortened
from units.uploads import compound, images, packages
from units.uploads.facts import DEFAULT_KINDS, KINDS, MEGABYTE, FileFacts, UploadRefused, display_name

# The entry of a PDF's trailer that names its lock: a reference or the lock itself.
ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
SAME_ENDING = {"jpeg": "jpg"}
OLD_ENDINGS = {"doc": "docx", "xls": "xlsx", "et": "xlsx", "wps": "docx", "docm": "docx", "xlsm": "xlsx"}


def inspect(
    file, *, name: str, allowed: Collection[str] = DEFAULT_KINDS, max_bytes: int | None = None
) -> FileFacts:
    """Judge an open binary file; it is left at its beginning.

    Raises UploadRefused when the kind is not `allowed`, the name promises something else than the content, the
    file is empty, too large, broken or locked, or it carries macros.
    """
    shown, ending = display_name(name), _ending(name)
    _check_ending(shown, ending, allowed)
    size, digest = _measure(file)
    kind = KINDS[ending]
    limit = min(max_bytes or kind.max_bytes, kind.max_bytes)
    if not size:
        raise UploadRefused(f"“{shown}”是空文件，请检查后重新选择。")
    if size > limit:
        raise UploadRefused(f"“{shown}”有{_megabytes(size)}，超过{_megabytes(limit)}，请压缩或拆分后再上传。")
    found = _kind_of(file, size, shown)
    file.seek(0)
    if found != ending:
        raise UploadRefused(f"“{shown}”的内容不是{kind.label}，{kind.advice}后再上传。")
    return FileFacts(ending, kind.content_type, digest, size, digest)


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
        return _kind_of_pdf(file, size, shown)
    if head.startswith(b"PK\x03\x04"):
        return packages.kind_of(file, shown)
    if head.startswith(compound.SIGNATURE):
        return compound.kind_of(file, size, shown)
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return images.kind_of(file, shown)
    if head[4:8] == b"ftyp":
        return "mp4" if _is_mp4(file, size, head[8:12]) else None
    return None


def _kind_of_pdf(file, size: int, shown: str) -> str | None:
    """None for a page that breaks off. Raises UploadRefused for one that asks its reader for a password."""
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        return None
    file.seek(0)
    rest = b""
    while block := file.read(MEGABYTE):
        if ENCRYPTED.search(rest + block):
            raise UploadRefused(f"“{shown}”加了密码或权限限制，他人可能打不开，请取消后重新导出再上传。")
        rest = block[-32:]
    return "pdf"


def _is_mp4(file, size: int, brand: bytes) -> bool:
    """The boxes of the file follow each other without a gap up to its end and hold an index and the film.

    Films of phones in other containers (qt, heic, 3gp) begin alike but do not play everywhere.
    """
    if brand[:3] not in (b"iso", b"mp4", b"avc", b"M4V", b"das", b"MSN"):
        return False
    boxes, place = set(), 0
    while place + 8 <= size and len(boxes) < 64:
        file.seek(place)
        header = file.read(16)
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:
            length = size - place
        if length < 8 or place + length > size:
            return False
        boxes.add(header[4:8])
        place += length
    return place == size and {b"moov", b"mdat"} <= boxes


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".removesuffix(".0") + "MB"
