"""The form of a nomination as one table: its sections and their fields, in the order of the page.

Form, map, remarks, frozen content, papers, dossier, screening and the reviewers' sheet read it and list nothing
themselves. A new field is a row here, a column of the model and its migration. Pure, and on the ground of the
corridor, for the rubric of a year names its sections too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

ALL = "FZX"
VERBS = {"choice": "未选", "services": "未选", "tick": "未确认", "file": "未上传", "rows": "未添加"}


@dataclass(frozen=True)
class Section:
    """A part of the form. also: answers of other sections that a remark on the whole part opens too.

    checks: questions of the screening's checklist whose remarks belong to the part as a whole.
    """

    code: str
    label: str
    note: str = ""
    also: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One thing the form asks for; `code` names the model's column, the answer and the key of the frozen content.

    kind: title, line, text, choice, services (several kinds of service), day, count, figure, percent, phone, tick; and
    what has pages of its own: rows, file. choices: of a choice, code → label. unit: behind the label.
    categories: whose form has the field. needed: the categories that must give it (default: those; "" for none).
    limit: the limit of characters its text counts against, alone or with others. hint: below the box; a tick's
    sentence. width: of the page's twelve columns. copied: whether a copy of the nomination begins with it.
    blind: what reviewers see: "shown"; "masked", names in it hidden in the written stage; "person", it is such
    a name itself and stays hidden; "" nothing at all.
    joined: the field printed in the same cell, both as `pattern`, under `fact`; the first alone as `alone`.
    bare: what a paper prints of an empty one. check: the question of the checklist that asks about it.
    key, row: of rows, where the frozen content has them and how one is printed. anchor: where the page has it.
    lacking: what the map says of a missing one (default: the label with a verb).
    """

    code: str
    label: str
    section: str
    kind: str = "line"
    choices: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    categories: str = ALL
    needed: str | None = None
    limit: str = ""
    hint: str = ""
    width: int = 12
    copied: bool = True
    blind: str = ""
    joined: str = ""
    pattern: str = "{} {}"
    alone: str = "{}"
    fact: str = ""
    bare: str = ""
    check: str = ""
    key: str = ""
    row: str = ""
    anchor: str = ""
    lacking: str = ""

    @property
    def title(self) -> str:
        """The label with its unit, as the form and the papers have it."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label

    @property
    def is_typed(self) -> bool:
        """Typed into the form itself, so a column of the model; rows and files are kept beside."""
        return self.kind not in ("rows", "file")

    @property
    def is_long(self) -> bool:
        return self.kind == "text"

    @property
    def gap(self) -> str:
        return self.lacking or f"{self.label}{VERBS.get(self.kind, '未填')}"

    def asked_of(self, category: str) -> bool:
        return category in (self.categories if self.needed is None else self.needed)


SECTIONS: tuple[Section, ...] = (
    Section("basics", "基本信息", checks=("unit", "quota", "repeat", "form")),
    Section("summary", "摘要", "将随公示公开"),
    Section("body", "事迹材料", checks=("secrets",)),
    Section("figures", "成效与记录", "申报数须有记录或文件支撑，相差超过10%须说明"),
    Section("partners", "联合单位"),
    Section("attachments", "附件", also=("sealed",), checks=("blind",)),
    Section("pledges", "承诺与盖章", checks=("unit_notice", "veto")),
)

PRIVATE = "仅本单位和评选办可见。"
FIELDS: tuple[Field, ...] = (
    Field("title", "项目名称", "basics", "title", limit="title", blind="masked"),
    Field("service_kinds", "服务维度", "basics", "services", blind="shown"),
    Field(
        "innovation_kind", "创新类型", "basics", "choice", categories="FZ",
        choices={"first": "首创", "improved": "改进", "adapted": "借鉴再创新"},
    ),
    Field("document_number", "制度文号", "basics", categories="Z", check="legality"),
    Field(
        "project_kind", "项目类型", "basics", "choice", categories="X",
        choices={"industry": "产业类", "infrastructure": "基础设施类", "livelihood": "民生保障类"},
    ),
    Field("investment_planned", "年度计划投资", "basics", "figure", unit="万元", categories="X", width=6),
    Field(
        "investment_done", "完成投资", "basics", "figure", unit="万元", categories="X", width=6, check="milestones",
    ),
    Field(
        "started_on", "实施开始", "basics", "day", width=6, blind="shown", check="year",
        joined="ended_on", pattern="{}至{}", alone="{}起", fact="实施时间",
    ),
    Field("ended_on", "实施结束", "basics", "day", needed="", width=6, hint="仍在实施的可不填。", blind="shown"),
    Field("target", "服务对象与覆盖范围", "basics", hint="如：全区新开办企业，约1200户。", blind="masked"),
    Field(
        "earlier_awards", "曾获奖情况", "basics", needed="", bare="无", hint="名称、级别、年度；没有可不填。",
    ),
    Field("leader_name", "项目负责人", "basics", width=4, blind="person", joined="leader_duty"),
    Field("leader_duty", "负责人职务", "basics", width=4),
    Field("leader_phone", "负责人电话", "basics", "phone", width=4, hint=PRIVATE, blind="person"),
    Field("contact_name", "联系人", "basics", width=4, blind="person"),
    Field("contact_phone", "联系人电话", "basics", "phone", width=4, hint=PRIVATE, blind="person"),
    Field("summary", "摘要", "summary", "text", limit="summary", blind="masked"),
    Field(
        "background", "背景与问题", "body", "text", limit="body", blind="masked",
        hint="针对什么问题，问题有多大，涉及哪些人。",
    ),
    Field(
        "practice", "主要做法", "body", "text", limit="body", blind="masked",
        hint="分步骤写明做了什么、谁来做、怎样做。",
    ),
    Field(
        "innovation", "创新点", "body", "text", limit="body", blind="masked",
        hint="与以往做法、外地做法相比新在哪里，不超过5点。",
    ),
    Field(
        "effect", "成效", "body", "text", limit="body", blind="masked",
        hint="写前后对比；数字与下面的量化成效一致。",
    ),
    Field(
        "spread", "推广价值", "body", "text", limit="body", blind="masked",
        hint="写明已被哪些单位采用，或采用需要具备什么条件。",
    ),
    Field(
        "claims", "量化成效", "figures", "rows", key="claims", row="{indicator} {value}{measure}",
        anchor="claims", check="evidence",
    ),
    Field("satisfaction_sample", "满意度样本数", "figures", "count", needed="F", width=6, blind="shown"),
    Field(
        "satisfaction_percent", "满意率", "figures", "percent", unit="%", needed="F", width=6, blind="shown",
        joined="satisfaction_sample", pattern="{}（样本{}）", fact="满意率",
    ),
    Field(
        "evidence", "引用的服务记录", "figures", "rows", key="activities", row="{happened_on} {subject}",
        anchor="evidence", check="records", lacking="服务记录未引用",
    ),
    Field(
        "partners", "联合单位", "partners", "rows", needed="", key="partners", row="{name}，计分{share}%",
        anchor="partners",
    ),
    Field("attachments", "附件", "attachments", "rows", needed="", key="attachments", row="{name}", anchor="files"),
    Field(
        "unit_notice_from", "本单位公示起", "pledges", "day", width=6, copied=False,
        joined="unit_notice_to", pattern="{}至{}", alone="{}起", fact="本单位公示",
    ),
    Field(
        "unit_notice_to", "本单位公示止", "pledges", "day", width=6, copied=False, hint="公示不少于5个工作日。",
    ),
    Field(
        "pledged", "申报承诺", "pledges", "tick", copied=False, choices={"yes": "已承诺", "no": "未承诺"},
        hint="申报内容真实，不涉及国家秘密、工作秘密和敏感个人信息（涉密不上网），同一项目未在其他类别申报。",
    ),
    Field("sealed", "盖章申报表", "pledges", "file", anchor="files", check="seal"),
)  # fmt: skip


def known(code: str) -> Field:
    """The field of a code. Raises KeyError for a code the form does not have."""
    for one in FIELDS:
        if one.code == code:
            return one
    raise KeyError(code)


def choices_of(code: str) -> list[tuple[str, str]]:
    return list(known(code).choices.items())


def typed(**wanted: object) -> list[Field]:
    """The fields typed into the form, in its order; narrowed by attributes: `typed(kind="text")`."""
    return [
        one
        for one in FIELDS
        if one.is_typed and all(getattr(one, name) == value for name, value in wanted.items())
    ]


def codes(fields: Iterable[Field] | None = None) -> list[str]:
    """The codes of these fields, or of all that are typed."""
    return [one.code for one in (typed() if fields is None else fields)]


def long_texts() -> list[str]:
    """The columns that lists leave in the database."""
    return codes(typed(kind="text"))


def of_section(section: str) -> list[Field]:
    return [one for one in FIELDS if one.section == section]


def left_out(category: str) -> frozenset[str]:
    """Answers that only other categories are asked: their form has no field for them."""
    return frozenset(one.code for one in FIELDS if category not in one.categories)


def label_of(name: str) -> str:
    """What a section or an answer is called; a section speaks before a field of its name.

    What is neither stays as it is. The key of rows in the frozen content is known as well.
    """
    labels = {one.key: one.label for one in FIELDS if one.key}
    labels |= {one.code: one.title for one in FIELDS} | {one.code: one.label for one in SECTIONS}
    return labels.get(name, name)


def every_answer() -> frozenset[str]:
    return frozenset(one.code for one in FIELDS)


def open_answers(remarked: Iterable[str]) -> frozenset[str]:
    """The answers a returned file may change: those remarked, and all of a remarked section.

    An unknown name opens nothing. Mending one of the texts may need room in the others, but only those
    remarked are open: the office returns the section when it wants the whole rewritten.
    """
    parts = {one.code: {*codes(of_section(one.code)), *one.also} for one in SECTIONS}
    found: set[str] = set()
    for name in remarked:
        found.update(parts.get(name, {name}))
    return every_answer() & found


def part_of_check(check: str) -> str:
    """Where the unit finds what a remark is about: the part of the form that a question of the checklist opens."""
    asked = {one.check: one.code for one in FIELDS} | {
        name: one.code for one in SECTIONS for name in one.checks
    }
    return asked[check]
