"""Tags and filters that every page shares: status marks, dates, phones, amounts, list heads, form fields."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from importlib import import_module
from importlib.util import find_spec

from django import template
from django.conf import settings
from django.forms import BoundField
from django.forms import widgets as form_widgets
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from units.kit.status import TONES
from units.moments import chinese_date, day_text, moment_text, weekday_text
from units.papers.typesetting import in_quotes
from units.phones import mask_phone

register = template.Library()

ORDER_PARAMETER = "order"

# ---------------------------------------------------------------- whom to ask


@register.simple_tag
def administrator() -> str:
    """The system administrator, with the telephone or room the installation gives: 系统管理员（0546-…）."""
    return f"系统管理员（{settings.ADMIN_CONTACT}）" if settings.ADMIN_CONTACT else "系统管理员"


# ---------------------------------------------------------------- status marks


@register.simple_tag
def state_mark(status, box: bool = False) -> SafeString:
    """A status (`units.kit.status`: label, icon, tone) as icon, word and colour. box: for a page head."""
    if status.tone not in TONES:
        raise ValueError(f"unknown tone {status.tone!r}")
    tone = f"state-{status.tone}" if status.tone else ""
    return format_html(
        '<span class="{}"><i class="bi bi-{}" aria-hidden="true"></i>{}</span>',
        " ".join(filter(None, ["state", tone, "state-box" if box else ""])), status.icon, status.label,
    )  # fmt: skip


@register.simple_tag
def state_icon(status) -> SafeString:
    """The icon alone, for the cell of a matrix; the word is there for those who hear the page."""
    return format_html(
        '<i class="bi bi-{}" aria-hidden="true"></i><span class="visually-hidden">{}</span>',
        status.icon, status.label,
    )  # fmt: skip


NOTES = {"success": ("ok", "check-circle"), "warning": ("warn", "exclamation-triangle")}
NOTES |= {"error": ("stop", "x-octagon")}


@register.simple_tag
def message_note(message) -> SafeString:
    """One of Django's messages as a `.note`; an error is announced at once, the rest politely."""
    tone, icon = NOTES.get(message.level_tag, ("", "info-circle"))
    return format_html(
        '<div class="note{}" role="{}"><i class="bi bi-{}" aria-hidden="true"></i><p>{}</p></div>',
        f" note-{tone}" if tone else "",
        "alert" if tone == "stop" else "status",
        icon,
        message,
    )


# ---------------------------------------------------------------- text of values


@register.filter
def masked_phone(number) -> str:
    """A phone as everybody but its owner sees it (`units.phones.mask_phone`); '' for nothing."""
    return mask_phone(str(number or ""))


def _local(moment):
    return (
        timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment
    )


@register.filter
def cn_date(moment) -> str:
    """2026年11月6日; '' for nothing. Times are shown in the portal's time zone."""
    moment = _local(moment)
    return chinese_date(moment) if moment else ""


@register.filter
def cn_weekday(moment) -> str:
    """2026年11月6日（周五）"""
    moment = _local(moment)
    return f"{chinese_date(moment)}（{weekday_text(moment)}）" if moment else ""


@register.filter
def cn_moment(moment) -> str:
    """2026年11月6日（周五）17:30, the way a deadline is written."""
    return moment_text(moment, year=True) if moment else ""


@register.filter
def cn_short(moment) -> str:
    """11月6日（周五）17:30 for a moment, 11月6日（周五） for a day: inside the current year."""
    if not moment:
        return ""
    is_moment = isinstance(moment, datetime)
    return moment_text(moment) if is_moment else f"{day_text(moment)}（{weekday_text(moment)}）"


@register.filter
def cn_day(moment) -> str:
    """11月6日, for the columns of a list."""
    moment = _local(moment)
    return day_text(moment) if moment else ""


@register.filter
def file_size(size) -> str:
    """Bytes as 640KB or 1.2MB; below 1 KB still 1KB, because a file is never nothing."""
    size = int(size or 0)
    if size < 1024 * 1024 - 512:
        return f"{max(1, (size + 512) // 1024)}KB"
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + "MB"


register.filter("quoted", in_quotes)


def _number(value) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@register.filter
def thousands(value) -> str:
    """2284 → 2,284; decimals stay as they are; — for nothing, which is not 0."""
    number = _number(value)
    return "—" if number is None else f"{number:,f}"


# ---------------------------------------------------------------- lists


@register.simple_tag
def page_numbers(page) -> list:
    """The page numbers to print under a list, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.simple_tag(takes_context=True)
def sort_head(context, field: str, label: str, css: str = "", parameter: str = ORDER_PARAMETER) -> SafeString:
    """A column head that sorts by `field`; the first click ascends, the next one descends.

    The link keeps the filters and drops the page, which would be another page in another order.
    """
    query = context["request"].GET.copy()
    now = query.get(parameter, "")
    query.pop("page", None)
    query[parameter] = f"-{field}" if now == field else field
    sort = {field: "ascending", f"-{field}": "descending"}.get(now)
    return format_html(
        '<th scope="col"{}{}><a href="?{}">{}{}</a></th>',
        format_html(' class="{}"', css) if css else "",
        format_html(' aria-sort="{}"', sort) if sort else "",
        query.urlencode(),
        label,
        format_html(
            ' <i class="bi bi-caret-{}-fill" aria-hidden="true"></i>', "up" if sort == "ascending" else "down"
        )
        if sort
        else "",
    )


# ---------------------------------------------------------------- forms

CHOICE_LISTS = (form_widgets.RadioSelect, form_widgets.CheckboxSelectMultiple)


@register.filter
def control(field: BoundField, size: str = "") -> SafeString:
    """Draw a field's widget with Bootstrap's classes, for forms that crispy does not draw.

    size: '' or 'sm'. Existing classes of the widget stay; errors and hints are tied to it.
    """
    widget = field.field.widget
    if isinstance(widget, form_widgets.CheckboxInput | CHOICE_LISTS[0] | CHOICE_LISTS[1]):
        base = "form-check-input"
    elif isinstance(widget, form_widgets.Select):
        base = "form-select"
    else:
        base = "form-control"
    classes = [widget.attrs.get("class", ""), base]
    if size and base != "form-check-input":
        classes.append(f"{base}-{size}")
    if field.errors:
        classes.append("is-invalid")
    attrs = {"class": " ".join(filter(None, classes))}
    if isinstance(widget, form_widgets.MultiWidget):
        return _from_to(field, attrs)
    return field.as_widget(attrs=attrs)


def _from_to(field: BoundField, attrs: dict) -> SafeString:
    """The two inputs of a range with 至 between; the label names the first, the second says what it is."""
    attrs = field.build_widget_attrs(attrs, field.field.widget) | {"id": field.auto_id}
    context = field.field.widget.get_context(field.html_name, field.value(), attrs)
    parts = context["widget"]["subwidgets"]
    for part, end in zip(parts, "起止", strict=False):
        part["attrs"] = part["attrs"] | {"aria-label": f"{field.label}{end}"}
    renderer = field.form.renderer
    drawn = [(mark_safe(renderer.render(part["template_name"], {"widget": part})),) for part in parts]
    return format_html_join(mark_safe('<span class="muted">至</span>'), "{}", drawn)


@register.filter
def widget_kind(field: BoundField) -> str:
    """'check', 'choices', 'range', 'select', 'file' or 'text': how a template lays the field out."""
    widget = field.field.widget
    kinds = [
        (form_widgets.CheckboxInput, "check"),
        (CHOICE_LISTS, "choices"),
        (form_widgets.MultiWidget, "range"),
        (form_widgets.Select, "select"),
        (form_widgets.FileInput, "file"),
    ]
    return next((kind for of, kind in kinds if isinstance(widget, of)), "text")


@register.simple_tag
def form_problems(form) -> list[dict]:
    """What is wrong with a refused form's fields, in their order: {anchor, text} for a list of jump links."""
    return [
        {
            "anchor": field.id_for_label or f"div_{field.auto_id}",
            "text": f"{str(field.label).rstrip('。：')}：{field.errors[0]}",
        }
        for field in form.visible_fields()
        if field.errors
    ]


# ---------------------------------------------------------------- log-in


@register.simple_tag
def demo_accounts() -> list[dict]:
    """The accounts that the log-in page offers in the demo, in groups; nothing anywhere else.

    Each group is {label, accounts: [{username, title, does?, password?}]}.
    """
    if not getattr(settings, "DEMO", False) or find_spec("units.demo") is None:
        return []
    return import_module("units.demo").login_groups()
