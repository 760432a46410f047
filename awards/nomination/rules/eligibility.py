"""What is asked before a nomination begins: one 否 ends it there, with the rule and whom to ask."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One question; `rule` is what the applicant reads after a 否."""

    code: str
    text: str
    rule: str


def questions_for(year: int) -> tuple[Question, ...]:
    """The questions of a year, in their order (docs/field.md 1.4, 1.7)."""
    return (
        Question(
            "unit",
            "项目由本单位党组织组织实施，并以党组织名义申报",
            "申报主体须是区直部门（单位）党组织，个人和科室不单独申报。",
        ),
        Question(
            "year",
            f"主要工作在{year}年度内开展",
            f"评选范围为{year}年度的工作；往年已结束的工作不再申报。",
        ),
        Question(
            "running",
            "到申报截止之日已运行满3个月",
            "运行不满3个月的工作成效尚难核实，可在下一年度申报。",
        ),
        Question(
            "repeat",
            "以往年度没有入选，本年度没有申报其他类别",
            "同一项目只能申报一个类别；以往入选的项目不再参评。",
        ),
        Question(
            "records",
            "平台上有本单位的服务记录可以引用",
            "申报须引用已审核的服务记录，建议不少于3条、跨2个季度以上。请先补登服务记录并报评选办审核。",
        ),
        Question(
            "notice",
            "已在本单位公示，或将在提交前公示不少于5个工作日",
            "申报前须在本单位公示不少于5个工作日，无异议或异议已处理。",
        ),
        Question(
            "veto",
            "年度内领导班子无严重违纪，本单位无责任事故、重大信访和意识形态事件",
            "有上述情形的单位当年不参加评选。",
        ),
        Question(
            "secrets",
            "拟填写和上传的内容不涉及国家秘密、工作秘密和敏感个人信息",
            "涉密内容不得上网。请脱密处理，或与评选办联系线下办理。",
        ),
    )


def first_refusal(answers: Mapping[str, bool], questions: tuple[Question, ...]) -> Question | None:
    """The first question answered 否 or not at all; None when the nomination may begin."""
    return next((question for question in questions if not answers.get(question.code)), None)
