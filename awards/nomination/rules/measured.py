"""Which sum of the log a claimed figure is about, whatever was chosen beside it."""

import re

OTHER = "other"
PEOPLE = r"(?:群众|企业|居民|职工|党员|老人|人员|对象|市场主体)"
# What an indicator's name says it counts; the first that fits. Rates, money and days are no sums of the log.
NO_SUM = re.compile(r"率|%|％|百分|金额|资金|投资|元$|天数|工作日|办理时限|材料|环节|面积|排名|满意")
ASKED = r"(?:诉求|问题|难题|事项|件)"
MEANT = {
    "problems_closed": re.compile(rf"(?:办结|解决|化解|销号)\S*{ASKED}|(?:诉求|问题|难题)\S*(?:办结|解决|化解|销号)"),
    "problems_received": re.compile(rf"(?:受理|收集|征集|接到)\S*{ASKED}|(?:诉求|问题)\S*(?:受理|收集)"),
    "hours": re.compile(r"(?:服务|志愿)\S*(?:时长|小时|工时)"),
    "beneficiaries": re.compile(
        rf"受益|惠及|受惠|服务\S{{0,4}}{PEOPLE}|覆盖\S{{0,4}}{PEOPLE}|服务(?:人次|人数)"
    ),
    "attendance": re.compile(r"(?:参加|参与|到场|参训|培训)\S{0,6}(?:人次|人数|人员|党员|群众|职工)"),
    "events": re.compile(r"(?:活动|走访|宣讲|服务|培训)\S{0,4}(?:场次|次数|场数|场$)|开展\S*(?:活动|走访|宣讲)$"),
}  # fmt: skip


def measured_by(metric: str, indicator: str, measure: str = "") -> str:
    """The sum a figure stands beside: the chosen one, else the one its own name means; OTHER for none.

    So 受益群众 8,000人 is held against 受益人次 though 其他指标 was chosen for it.
    """
    if metric != OTHER or NO_SUM.search(indicator) or NO_SUM.search(measure):
        return metric
    return next((name for name, pattern in MEANT.items() if pattern.search(indicator)), OTHER)
