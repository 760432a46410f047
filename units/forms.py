from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from units.models import Post, Unit, UnitAlias, UnitKind, User
from units.permissions import SEASON_ROLES, can_grant_post, holds, units_of
from units.roles import COMMITTEE_ROLES, Role

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
PHONE = RegexValidator(r"^[0-9+\-() ]{5,30}$", "电话只能用数字、空格、横线和括号。")


def helper(*rows) -> FormHelper:
    """A helper that draws the fields, two a row where a tuple is given."""
    drawn = FormHelper()
    drawn.form_tag = False
    drawn.layout = Layout(
        *(
            Row(*(Column(name, css_class="col-md-6") for name in row)) if isinstance(row, tuple) else row
            for row in rows
        )
    )
    return drawn


class AccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "name", "duty", "office_phone", "mobile"]
        help_texts = {
            "username": "登录用，建立后不能修改；字母、数字和 @ . + - _。",
            "mobile": "仅本人和系统管理员可见全部号码。",
        }
        error_messages = {"username": {"unique": "这个账号已被使用，请换一个。"}}

    def clean_username(self):
        if self.cleaned_data["username"] in {"new", "import"}:  # words of the addresses below /people/
            raise forms.ValidationError("这个账号不能使用，请换一个。")
        return self.cleaned_data["username"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("office_phone", "mobile"):
            self.fields[name].validators.append(PHONE)
        self.fields["name"].help_text = ""
        if self.instance.pk:
            del self.fields["username"]
        rows = [("name", "duty"), ("office_phone", "mobile")]
        self.helper = helper(*([] if self.instance.pk else ["username"]), *rows)


class PostForm(forms.ModelForm):
    """A post proposed for one person; the choices are what the asking person may propose."""

    class Meta:
        model = Post
        fields = ["role", "unit", "from_on", "to_on", "reason"]
        widgets = {"from_on": DATE, "to_on": DATE}
        labels = {"from_on": "开始日期", "to_on": "结束日期", "unit": "单位", "reason": "依据"}
        help_texts = {"to_on": "不填为长期。", "reason": "如任职文件或评选方案。"}

    def __init__(self, *args, asking, **kwargs):
        super().__init__(*args, **kwargs)
        self.asking = asking
        units = Unit.objects.active_on(timezone.localdate())
        roles = list(Role)
        if not holds(asking, Role.SYSADMIN):
            roles = [role for role in Role if role in SEASON_ROLES]
            units = units.within(units_of(asking, Role.OFFICE))
        self.fields["role"].choices = [("", "请选择"), *((role.value, role.label) for role in roles)]
        self.fields["unit"].queryset = units
        self.fields["unit"].help_text = (
            "、".join(role.label for role in Role if role in COMMITTEE_ROLES) + "设在工委。"
        )
        self.fields["from_on"].initial = timezone.localdate
        self.helper = helper(("role", "unit"), ("from_on", "to_on"), "reason")

    def clean(self):
        values = super().clean()
        role, unit = values.get("role"), values.get("unit")
        if role and unit and not can_grant_post(self.asking, Role(role), unit):
            self.add_error("role", "您不能授予这个岗位。")
        return values


class ReasonForm(forms.Form):
    """The reason of an act, on its confirm page."""

    reason = forms.CharField(label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(*self.fields)


class EndPostForm(ReasonForm):
    on = forms.DateField(
        label="结束日期", widget=DATE, initial=timezone.localdate, help_text="当天结束后失去该岗位的权限。"
    )
    field_order = ["on", "reason"]


class UnitForm(forms.ModelForm):
    aliases = forms.CharField(
        label="别名", required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="每行一个。导入表格和盲评遮盖时按别名识别单位。",
    )  # fmt: skip

    class Meta:
        model = Unit
        fields = [
            "slug", "name", "short_name", "kind", "parent", "order", "active_from", "active_to",
            "action_kind", "task", "ends_on", "approval_number",
        ]  # fmt: skip
        widgets = {"active_from": DATE, "active_to": DATE, "ends_on": DATE}
        help_texts = {
            "slug": "用于网址，小写字母、数字和横线，建立后不能修改。",
            "order": "数字小的在前，名单均按此排序。",
        }

    def __init__(self, *args, asking, **kwargs):
        super().__init__(*args, **kwargs)
        units = Unit.objects.order_by("order", "path")
        if not holds(asking, Role.SYSADMIN):
            units = units.within(units_of(asking, Role.OFFICE))
        self.fields["kind"].choices = [
            choice
            for choice in UnitKind.choices
            if choice[0] != UnitKind.COMMITTEE or self.instance.is_committee
        ]
        first = [("slug", "parent")]
        if self.instance.pk:
            del self.fields["slug"], self.fields["parent"]
            self.fields["aliases"].initial = "\n".join(alias.name for alias in self.instance.aliases.all())
            first = []
        else:
            self.fields["parent"].queryset = units
            self.fields["parent"].required = True
        self.helper = helper(
            *first,
            ("name", "short_name"),
            ("kind", "order"),
            ("active_from", "active_to"),
            ("action_kind", "task"),
            ("ends_on", "approval_number"),
            "aliases",
        )

    def clean_aliases(self):
        names = list(
            dict.fromkeys(name.strip() for name in self.cleaned_data["aliases"].splitlines() if name.strip())
        )
        taken = (
            UnitAlias.objects.filter(name__in=names)
            .exclude(unit=self.instance.pk)
            .select_related("unit")
            .first()
        )
        if taken:
            raise forms.ValidationError(f"“{taken.name}”已是{taken.unit}的别名。")
        return names

    def clean(self):
        values = super().clean()
        if values.get("kind") == UnitKind.ACTION_BRANCH:
            for name in ("task", "action_kind"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, "行动党支部须填写。")
        return values


class MoveUnitForm(ReasonForm):
    parent = forms.ModelChoiceField(Unit.objects.none(), label="新的上级", empty_label="请选择")
    field_order = ["parent", "reason"]

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        whole = Unit.objects.filter(path__startswith=unit.organiser_slug + "/")
        self.fields["parent"].queryset = whole.exclude(path__startswith=unit.path).order_by("order", "path")


class RosterForm(forms.Form):
    file = forms.FileField(
        label="名册",
        help_text="xlsx，第一张表；列名与模板一致。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("file")
