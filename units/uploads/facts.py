"""The kinds of files the portal takes, and what is said and kept of one."""

import errno
import re
from dataclasses import dataclass

from units.papers.values import printable

MEGABYTE = 1024 * 1024
OOXML = "application/vnd.openxmlformats-officedocument."

NO_ROOM = "服务器暂时存不下文件，没有收下；所填文字还在。请稍后再试，或先去掉附件提交，并告诉系统管理员。"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


@dataclass(frozen=True)
class Kind:
    """One kind of file: what the browser is told, how people call it, how large it may be, what to do instead."""

    content_type: str
    label: str
    max_bytes: int = 20 * MEGABYTE
    advice: str = ""


KINDS = {
    "pdf": Kind("application/pdf", "PDF文件", advice="请重新导出或扫描为pdf"),
    "docx": Kind(f"{OOXML}wordprocessingml.document", "Word文档（docx）", advice="请在WPS或Word中另存为docx"),
    "xlsx": Kind(f"{OOXML}spreadsheetml.sheet", "Excel表格（xlsx）", advice="请在WPS或Excel中另存为xlsx"),
    "wps": Kind("application/vnd.ms-works", "WPS文字（wps）", advice="请在WPS中另存为docx"),
    "et": Kind("application/octet-stream", "WPS表格（et）", advice="请在WPS中另存为xlsx"),
    "ofd": Kind("application/ofd", "版式文件（ofd）", advice="请重新导出为ofd或pdf"),
    "jpg": Kind("image/jpeg", "jpg图片", advice="请用看图软件另存为jpg"),
    "png": Kind("image/png", "png图片", advice="请用看图软件另存为png"),
    "mp4": Kind("video/mp4", "mp4视频", 50 * MEGABYTE, "请转换为mp4"),
}
DEFAULT_KINDS = tuple(KINDS)
LARGEST = max(kind.max_bytes for kind in KINDS.values())
# The largest form: one film, or five files of 10 MB with an objection, and what is typed beside them.
LARGEST_REQUEST = LARGEST + 5 * MEGABYTE
TAKEN = f"{'、'.join(KINDS)}，每个20MB以内，视频50MB以内"


@dataclass(frozen=True)
class FileFacts:
    """What is known of an accepted file. An image stored anew keeps the digest of what was handed in."""

    kind: str
    content_type: str
    sha256: str
    size: int
    original_sha256: str


class UploadRefused(ValueError):
    """A file that is not taken; the message tells the user why and what to do."""


def renamed(name: str, kind: str) -> str:
    """The name to show of a file that is of this kind, whatever it was called: 图.jpg that is a png becomes 图.png."""
    shown = display_name(name)
    stem, dot, ending = shown.rpartition(".")
    same = {"jpg": ("jpg", "jpeg")}.get(kind, (kind,))
    if ending.lower() in same:
        return shown
    return f"{stem if dot and stem else shown}.{kind}"


def display_name(name: str) -> str:
    """The name to show and to offer on download: no folders, nothing invisible, at most 120 characters."""
    bare = re.split(r"[\\/]", printable(name).replace("\n", " "))[-1].strip(" .") or "未命名"
    stem, dot, ending = bare.rpartition(".")
    return f"{stem[:110]}.{ending[:8]}" if dot and stem else bare[:120]
