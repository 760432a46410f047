"""Zip files that are documents: docx, xlsx, ofd. What their parts hold is looked at by `office`."""

import re
import zipfile
import zlib

from units.uploads import office
from units.uploads.facts import UploadRefused, display_name

MOST_ENTRIES = 2000
MOST_BYTES = 300 * 1024 * 1024
# Sheets of repeated cells shrink to a fiftieth; what shrinks much further was made to burst.
HIGHEST_RATIO, RATIO_MATTERS_FROM = 200, 10 * 1024 * 1024
MAIN_PARTS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf")
FOLDERS = {"docx": "word/", "xlsx": "xl/"}
MACRO_PARTS = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml|activex\d*\.(xml|bin))$|(^|/)macrosheets/", re.IGNORECASE
)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def kind_of(file, shown: str, *, is_inside: bool = False) -> str | None:
    """Which document a zip file is, None for any other. Raises UploadRefused for what is locked or dangerous.

    is_inside: it was found in another document, as the workbook behind a chart.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            check_size(package, shown)
            kind = _kind_of(package, shown)
            if kind:
                office.check(package, kind, shown, None if is_inside else _kind_inside)
            return kind
    except BROKEN as error:
        if isinstance(error, UploadRefused):
            raise
        raise UploadRefused(f"“{shown}”已损坏，打不开，请重新保存后再上传。") from None


def _kind_inside(file) -> str | None:
    return kind_of(file, "图表数据", is_inside=True)


def check_size(package: zipfile.ZipFile, shown: str) -> None:
    """Refuse what is small on the disk and huge when opened; zipfile itself stops at the sizes declared here."""
    entries = package.infolist()
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    bursting = total > RATIO_MATTERS_FROM and total > packed * HIGHEST_RATIO
    if len(entries) > MOST_ENTRIES or total > MOST_BYTES or bursting:
        raise UploadRefused(f"“{shown}”解开后过大，请删去多余的内容（如大量空行、嵌入的文件）后再上传。")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UploadRefused(f"“{shown}”加了密码，请取消密码后再上传。")


def check_parts(file, shown: str, most: int) -> None:
    """Refuse a document whose XML, all told, is more than `most` bytes: what its reader has to walk through."""
    with zipfile.ZipFile(file) as package:
        total = sum(entry.file_size for entry in package.infolist() if not entry.filename.endswith(PICTURES))
    if total > most:
        raise UploadRefused(f"“{display_name(shown)}”的内容过多，请删去空行和多余的工作表，或分成几个文件。")


def _kind_of(package: zipfile.ZipFile, shown: str) -> str | None:
    names = package.namelist()
    if "OFD.xml" in names:
        return "ofd" if b"ofdspec.org" in _beginning(package, "OFD.xml") else None
    if "[Content_Types].xml" not in names:
        return None
    types = _beginning(package, "[Content_Types].xml").decode("utf-8", "replace")
    if any(MACRO_PARTS.search(name) for name in names) or "macroEnabled" in types or "vbaProject" in types:
        raise UploadRefused(f"“{shown}”带有宏，请另存为不含宏的docx或xlsx后再上传。")
    for kind, main_part in MAIN_PARTS.items():
        if main_part in types and any(name.startswith(FOLDERS[kind]) for name in names):
            return kind
    return None


def _beginning(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as entry:
        return entry.read(1024 * 1024)
