"""How long the texts of a file may be, in 字 (units.counting)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TextLimits:
    """Most 字 of 项目名称, 摘要 and 事迹材料 (all its parts together); defaults of docs/field.md 1.5."""

    title: int = 30
    summary: int = 300
    body: int = 2000


def length_problem(label: str, used: int, limit: int) -> str | None:
    """The sentence for a text of `used` 字 that is too long, None when it fits; nothing is ever cut."""
    if used <= limit:
        return None
    return f"{label}已写{used}字，超出{used - limit}字（上限{limit}字），提交前须删减。"
