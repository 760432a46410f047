"""What an entry changed, in the words of the forms: names of columns and codes as people read them."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Field

from units.audit.models import AuditEntry

# Names that no column of the target bears: what a post's entry says of the post, what an import brought.
OTHER_LABELS = {
    "role": "岗位", "unit": "单位", "from_on": "开始日期", "to_on": "结束日期", "state": "状态", "rows": "行数",
    "file": "文件", "aliases": "别名", "parent": "上级", "joint_units": "联合单位", "sha256": "文件摘要",
    "size": "大小", "successor": "并入单位", "posts": "结束的岗位",
    "days": "日期", "source": "来源", "units": "单位数", "added": "新增", "revoked": "收回", "seed": "种子",
    "seats": "席位", "seat": "席位", "closes_at": "截止时间", "employer": "工作单位", "expertise": "专业领域",
    "kind": "类型", "reviewer": "评委", "withdrawn": "收回的分配", "stage": "阶段", "fields": "项目", "paper": "文书",
    "handler": "经办人", "digest": "摘要值", "criteria": "评分项", "correction": "补正次数", "year": "年度",
    "version": "版本", "title": "名称", "sheets_missing": "缺评分表", "share": "计分比例", "results": "结果数",
    "outcome": "结论", "number": "编号", "list": "名单", "entry": "项目", "entries": "项目数", "events": "场次",
    "document_number": "文号", "departures": "调整名次", "chosen": "入选", "category": "类别",
    "rule_due_on": "裁定期限", "summaries": "摘要数", "slug": "代码",
    "second_factor_removed": "解除两步验证",
}  # fmt: skip


@cache
def _columns(kind: str) -> dict[str, Field]:
    """Column name → field of the model (and of what is detailed about it) that a target kind names."""
    model = next((model for model in apps.get_models() if model._meta.model_name == kind), None)
    if model is None:
        return {}
    details = [relation.related_model for relation in model._meta.related_objects if relation.one_to_one]
    found: dict[str, Field] = {}
    for each in (*details, model):
        found |= {field.name: field for field in each._meta.concrete_fields}
    return found


def changes(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """Label, old and new text of everything the entry says was changed, in the order of its names."""
    lines = []
    for name in sorted({*entry.before, *entry.after}):
        column = column_of(entry.target_kind, name)
        label = str(column.verbose_name) if column is not None else OTHER_LABELS.get(name, name)
        lines.append((label, said(column, name, entry.before), said(column, name, entry.after)))
    return lines


def column_of(kind: str, name: str) -> Field | None:
    columns = _columns(kind)
    # A unit's name is nobody's personal name: its columns carry a prefix in the log.
    return columns.get(name) or columns.get(name.removeprefix("unit_"))


def said(column: Field | None, name: str, values: dict[str, Any]) -> str:
    """One value as text; — where the entry says nothing of it."""
    value = values.get(name)
    if value in (None, ""):
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value)) or "—"
    choices = dict(column.flatchoices) if column is not None else _post_choices(name)
    return str(choices.get(value, value))


def _post_choices(name: str) -> dict[str, str]:
    if name != "role":
        return {}
    return dict(apps.get_model("units", "Post")._meta.get_field("role").flatchoices)
