"""Why a set-up page is closed, and what to do instead: said by the page and by the refusal alike."""

YEAR_IS_OVER = "结果已公布，本年度的设置不能再改。需要调整的，请在新建下一年度时修改。"
RULE_IS_LOCKED = (
    "已有评委提交评分，评分规则已锁定，类别名额和评分项不能再改，本年度按此计分。"
    "需要调整的，请在新建下一年度时修改。"
)
DATES_ONLY_MOVE_LATER = "已启动，时间只能延后。请在“时间安排”中逐阶段延长，并写明理由。"
PLACES_BY_UNIT = "已启动，不能统一修改。请在“申报名额”中逐个单位调整。"


def never_lowered(stored: int, typed: int) -> str:
    """A limit that units already work by."""
    return f"已启动，只能放宽：不能由{stored}改为{typed}，请填{stored}或更大的数。"
