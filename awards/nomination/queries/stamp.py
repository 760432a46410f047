"""Whether the stamped page still confirms the text that it was stamped for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from awards.nomination.models import AttachmentKind, Nomination
from awards.nomination.queries.content import frozen_content
from awards.nomination.rules.freezing import digest_of_text, short_digest
from units.moments import moment_text


def stale_stamp(
    nomination: Nomination, files: Sequence[Mapping[str, Any]], *, typed_only: bool = False
) -> str:
    """What is said of a scan uploaded before the text changed; empty while it confirms the text, or is not there.

    files: as `files_of` gives them. typed_only: asked by the form at each view; then records and partners, which
    raise no version, are left to the page before submission.
    """
    scan = next((file for file in reversed(files) if file["kind"] == AttachmentKind.SEALED), None)
    if not scan or not scan["text"] or (typed_only and scan["version"] == nomination.version):
        return ""
    if digest_of_text(frozen_content(nomination)) == scan["text"]:
        return ""
    uploaded = datetime.fromisoformat(scan["uploaded_at"])
    return (
        f"盖章申报表于{moment_text(uploaded)}上传，其后内容有修改（最近一次保存：{moment_text(nomination.updated_at)}）。"
        "请重新打印、盖章并上传。"
    )


def stamp_findings(content: Mapping[str, Any]) -> tuple[str, str]:
    """Of a submission: why its stamped page does not confirm it, empty when nothing is known; and what the page's
    foot should read."""
    scans = [file for file in content.get("attachments") or [] if file.get("text")]
    now = digest_of_text(content)
    fault = (
        "盖章申报表上传后内容有修改，盖章页确认的不是所提交的内容。"
        if scans and scans[-1]["text"] != now
        else ""
    )
    return fault, f"盖章页的页脚应为“内容校验{short_digest(now)}”。"
