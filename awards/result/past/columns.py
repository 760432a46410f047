"""The columns of a book of earlier winners."""

from __future__ import annotations

import re

from django.utils import timezone

from awards.campaign.defaults import CATEGORIES
from awards.result.rules import PREFIX, parse_certificate
from units.papers.intake import Field
from units.papers.values import Unreadable, choice, date_value, limited_text, several, shortened, squeezed

EARLIEST = 1990


def year_value(value) -> int:
    """2019, 2019年, 2019年度."""
    found = re.fullmatch(r"(\d{4})(年度?)?", squeezed(value))
    if not found or not EARLIEST <= int(found[1]) <= timezone.localdate().year:
        raise Unreadable(f"“{shortened(squeezed(value))}”不是可以补录的年度，请填四位年份，如2019。")
    return int(found[1])


def certificate_number(value) -> str:
    """As printed; one in today's form is put into its one way of writing."""
    written = squeezed(value)
    if found := parse_certificate(written):
        return str(found)
    if len(written) > 30 or "/" in written:
        raise Unreadable("证书编号最多30字，不含斜线。")
    return written


NAMES = {given.name: given.letter for given in CATEGORIES}
FIELDS = (
    Field("year", ("年度", "年份"), year_value, required=True, example=2019, hint="平台启用前的年度"),
    Field("category", ("类别", "奖项", "评选类别"), choice(NAMES), required=True, example=CATEGORIES[0].name),
    Field("title", ("项目名称", "名称", "项目"), limited_text(200), required=True, example="企业开办全程帮办"),
    Field(
        "unit", ("申报单位", "单位", "单位名称"), limited_text(80), required=True, example="区统计局",
        hint="当时的名称，须是名册中现有或已撤销单位的全称、简称或别名",
    ),
    Field("partners", ("联合单位", "联合申报单位"), several(limited_text(80)), hint="按当时公布的写，用顿号隔开"),
    Field("announced_on", ("公布日期", "通报日期"), date_value, required=True, example="2019-12-20"),
    Field("document_number", ("通报文号", "文号"), limited_text(60), example="东区直工委〔2019〕38号"),
    Field("certificate", ("证书编号", "证书号"), certificate_number, example=f"{PREFIX}-2019-F-001", hint="没有的不填"),
    Field("revoked_on", ("撤销日期",), date_value, hint="公布后又被撤销的填写"),
    Field("revoke_reason", ("撤销原因", "撤销理由"), limited_text(500), hint="有撤销日期的填写"),
)  # fmt: skip
# What a second book may still add to a result that was entered without it.
COMPLETED = ("document_number", "certificate")
HEADERS = {item.name: item.header for item in FIELDS}
