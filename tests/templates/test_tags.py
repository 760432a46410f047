from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils.timezone import get_current_timezone
from django_filters.fields import DateRangeField
from django_filters.widgets import DateRangeWidget

from units.kit.status import Mark
from units.templatetags import portal

FRIDAY = datetime(2026, 11, 6, 17, 30, tzinfo=get_current_timezone())


def draw(source: str, request=None, **context) -> str:
    context = RequestContext(request, context) if request else Context(context)
    return Template("{% load portal %}" + source).render(context)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812341234", "138****1234"),
        (" 13812341234 ", "138****1234"),
        ("0546-8221234", "0546-****234"),
        ("8221234", "****234"),
        ("123", "****"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_phone_is_shown_masked(number, shown):
    assert portal.masked_phone(number) == shown


@pytest.mark.parametrize("number", ["13812341234", "0546-8221234", "8221234", "+8613812341234", "1234"])
def test_a_masked_phone_never_shows_the_middle(number):
    masked = portal.masked_phone(number)
    assert masked != number
    assert "*" in masked


@pytest.mark.parametrize(
    ("how", "moment", "shown"),
    [
        (portal.cn_date, date(2026, 11, 6), "2026年11月6日"),
        (portal.cn_weekday, date(2026, 11, 8), "2026年11月8日（周日）"),
        (portal.cn_moment, FRIDAY, "2026年11月6日（周五）17:30"),
        (portal.cn_short, FRIDAY, "11月6日（周五）17:30"),
        (portal.cn_short, date(2026, 11, 6), "11月6日（周五）"),
        (portal.cn_day, date(2026, 1, 2), "1月2日"),
        # A moment near midnight in UTC belongs to the next day here.
        (
            portal.cn_moment,
            datetime(2026, 11, 5, 16, 5, tzinfo=ZoneInfo("UTC")),
            "2026年11月6日（周五）00:05",
        ),
        (portal.cn_day, datetime(2026, 12, 31, 16, 0, tzinfo=ZoneInfo("UTC")), "1月1日"),
        (
            portal.cn_moment,
            datetime(2026, 12, 16, 16, 0, tzinfo=ZoneInfo("UTC")),
            "2026年12月16日（周三）24:00",
        ),
        (portal.cn_moment, None, ""),
        (portal.cn_day, None, ""),
    ],
)
def test_dates_are_written_the_chinese_way(how, moment, shown):
    assert how(moment) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (1, "1KB"),
        (88 * 1024, "88KB"),
        (1023 * 1024, "1023KB"),
        (1024 * 1024 - 1, "1MB"),
        (1024 * 1024, "1MB"),
        (1_258_291, "1.2MB"),
        (20 * 1024 * 1024, "20MB"),
    ],
)
def test_file_sizes_have_no_space_and_one_decimal_at_most(size, shown):
    assert portal.file_size(size) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(2284, "2,284"), (0, "0"), (Decimal("1234.50"), "1,234.50"), (1e3, "1,000.0"), (None, "—"), ("—", "—")],
)
def test_counts_are_grouped_and_nothing_is_not_zero(value, shown):
    assert portal.thousands(value) == shown


# ---------------------------------------------------------------- marks


def test_a_mark_has_word_icon_and_colour_and_escapes_its_word():
    assert (
        draw("{% state_mark one %}", one=Mark("<b>", "circle", "warn"))
        == '<span class="state state-warn"><i class="bi bi-circle" aria-hidden="true"></i>&lt;b&gt;</span>'
    )
    assert 'class="state state-box"' in draw("{% state_mark one box=True %}", one=Mark("词", "circle"))


def test_an_icon_alone_still_says_its_word():
    drawn = draw("{% state_icon one %}", one=Mark("已交", "check-lg", "ok"))
    assert drawn.endswith('<span class="visually-hidden">已交</span>')


def test_a_mark_of_an_unknown_tone_is_a_bug():
    with pytest.raises(ValueError, match="purple"):
        portal.state_mark(Mark("词", "circle", "purple"))


# ---------------------------------------------------------------- lists


def head(query: str) -> str:
    request = RequestFactory().get(f"/list/?{query}")
    return draw('{% sort_head "day" "日期" "num" %}', request=request)


def test_a_sort_head_keeps_the_filters_and_drops_the_page():
    assert head("state=a&page=3") == (
        '<th scope="col" class="num"><a href="?state=a&amp;order=day">日期</a></th>'
    )


@pytest.mark.parametrize(
    ("now", "following", "sort"), [("day", "-day", "ascending"), ("-day", "day", "descending")]
)
def test_a_second_click_turns_the_order_round(now, following, sort):
    assert f'href="?order={following}"' in head(f"order={now}")
    assert f'aria-sort="{sort}"' in head(f"order={now}")


def test_the_pager_says_how_many_and_keeps_the_query():
    page = Paginator(range(1281), 50).page(5)
    request = RequestFactory().get("/list/?state=a&page=5")
    drawn = draw('{% include "components/_pager.html" %}', page_obj=page, request=request, unit="件")
    assert "共1,281件，第201—250件" in drawn
    assert 'href="?state=a&amp;page=26"' in drawn
    assert drawn.count('aria-current="page"') == 1


def test_one_page_needs_no_page_numbers():
    page = Paginator(range(3), 50).page(1)
    drawn = draw('{% include "components/_pager.html" %}', page_obj=page, request=RequestFactory().get("/"))
    assert "共3条" in drawn
    assert "page-link" not in drawn


# ---------------------------------------------------------------- forms


class Sieve(forms.Form):
    q = forms.CharField(label="关键词", required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), ("a", "待审核")], required=False)
    on = DateRangeField(label="发生日期", required=False, widget=DateRangeWidget())
    mine = forms.BooleanField(label="只看本单位", required=False)


def test_the_filter_bar_draws_what_was_asked_with_labels_and_classes():
    request = RequestFactory().get("/list/?q=<帮办>&state=a&on_after=2026-08-01&on_before=2026-11-03")
    drawn = draw('{% include "components/_filter_bar.html" %}', form=Sieve(request.GET), request=request)
    assert 'value="&lt;帮办&gt;"' in drawn
    assert '<label class="form-label" for="id_q">关键词</label>' in drawn
    assert '<option value="a" selected>' in drawn
    assert 'value="2026-08-01"' in drawn
    assert 'aria-label="发生日期止"' in drawn
    assert drawn.count(">至<") == 1
    assert 'class="form-select form-select-sm"' in drawn
    assert 'class="form-check-input"' in drawn
    assert '<a class="btn btn-quiet btn-sm" href="/list/">清除条件</a>' in drawn


class Contact(forms.Form):
    phone = forms.RegexField(r"^0546-\d{8}$", label="联系电话", error_messages={"invalid": "电话不完整。"})
    agree = forms.BooleanField(label="承诺属实。")


def test_a_refused_form_lists_its_problems_as_jump_links():
    form = Contact({"phone": "0546"})
    assert [problem["anchor"] for problem in portal.form_problems(form)] == ["id_phone", "id_agree"]
    drawn = draw('{% include "components/_form_errors.html" %}', form=form)
    assert "有2处需要改正" in drawn
    assert '<a href="#id_phone">联系电话：电话不完整。</a>' in drawn
    assert "承诺属实：" in drawn


def test_a_fine_form_lists_nothing():
    form = Contact({"phone": "0546-12345678", "agree": "on"})
    assert draw('{% include "components/_form_errors.html" %}', form=form).strip() == ""


def test_crispy_draws_labels_above_and_errors_beside_the_field():
    drawn = Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(
        Context({"form": Contact({"phone": "0546"})})
    )
    assert '<label for="id_phone" class="form-label">联系电话<span class="need">必填</span></label>' in drawn
    assert 'id="id_phone_error" class="invalid-feedback"><p>电话不完整。</p>' in drawn
    assert 'aria-describedby="id_phone_error"' in drawn
    assert "asterisk" not in drawn


def test_a_message_becomes_a_note_of_its_own_tone():
    message = SimpleNamespace(level_tag="error", __str__=lambda: "名额已满")
    assert 'class="note note-stop" role="alert"' in portal.message_note(message)
