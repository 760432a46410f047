from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils import timezone

from units.folding import account_name
from units.kit.fields import ModelForm, PhoneField
from units.kit.reasons import ReasonForm
from units.models import NAME_TAKEN, RESERVED_SLUGS, RESERVED_USERNAMES, Post, Unit, UnitAlias, UnitKind, User
from units.papers.carried import WorkbookField
from units.permissions import SEASON_ROLES, can_grant_post, holds, units_of
from units.pickers import Picking, UnitField
from units.roles import COMMITTEE_ROLES, Role, misplaced

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NOTHING_SECRET = "涉密不上网：已确认文件不涉及国家秘密、工作秘密和敏感个人信息"


def helper(*rows) -> FormHelper:
    """A helper that draws the fields, two a row where a tuple is given."""
    drawn = FormHelper()
    drawn.render_hidden_fields = True
    drawn.layout = Layout(
        *(
            Row(*(Column(name, css_class="col-md-6") for name in row)) if isinstance(row, tuple) else row
            for row in rows
        )
    )
    return drawn


class UsernameField(forms.CharField):
    """A name to sign in with, half-width however it was typed."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 150, "validators": [UnicodeUsernameValidator()]} | kwargs)

    def to_python(self, value):
        return account_name(super().to_python(value))


def free_username(name: str, *, person: User | None = None) -> str:
    """The name, if an account may have it, or be given it instead of its own."""
    if name.lower() in RESERVED_USERNAMES:
        raise forms.ValidationError("这个账号不能使用，请换一个。")
    others = User.objects.filter(username__iexact=name).exclude(pk=person.pk if person else None)
    if others.exists():
        raise forms.ValidationError(NAME_TAKEN)
    return name


class AccountForm(ModelForm):
    class Meta:
        model = User
        fields = ["username", "name", "duty", "office_phone", "mobile"]
        labels = {"username": "账号"}
        field_classes = {"username": UsernameField, "office_phone": PhoneField, "mobile": PhoneField}
        help_texts = {
            "username": "登录用，不分大小写；字母、数字和 @ . + - _。",
            "mobile": "仅本人和系统管理员可见全部号码。",
        }

    def clean_username(self):
        return free_username(self.cleaned_data["username"])

    def clean(self):
        """A second account under one name is told from the first by a number nobody has."""
        cleaned = super().clean()
        name, mobile = cleaned.get("name"), cleaned.get("mobile")
        if self.instance.pk or "mobile" in self.errors or not User.objects.filter(name=name).exists():
            return cleaned
        if not mobile or User.objects.filter(mobile=mobile).exists():
            self.add_error("mobile", "已有同名账号：另建账号须填写没有被其他账号使用的手机号码。")
        return cleaned

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = ""
        if self.instance.pk:
            del self.fields["username"]
        rows = [("name", "duty"), ("office_phone", "mobile")]
        self.helper = helper(*rows) if self.instance.pk else helper("username", *rows)


class RenameForm(ReasonForm):
    """A wrong name is mended; the person signs in with the new one."""

    username = UsernameField(label="新账号", help_text="字母、数字和 @ . + - _。")
    field_order = ["username", "reason"]

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_username(self):
        return free_username(self.cleaned_data["username"], person=self.person)


class PostForm(Picking, ModelForm):
    """A post proposed for one person; the choices are what the asking person may propose."""

    unit = UnitField(label="单位", scope="all")

    class Meta:
        model = Post
        fields = ["role", "unit", "from_on", "to_on", "reason"]
        widgets = {"from_on": DATE, "to_on": DATE, "reason": forms.TextInput}
        labels = {"from_on": "开始日期", "to_on": "结束日期", "reason": "依据"}
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
        self.fields["unit"].rows = units
        self.fields["unit"].help_text = (
            "、".join(role.label for role in Role if role in COMMITTEE_ROLES) + "设在工委。"
        )
        self.fields["from_on"].initial = timezone.localdate
        self.helper = helper("role", "unit", ("from_on", "to_on"), "reason")

    def clean(self):
        values = super().clean()
        role, unit = values.get("role"), values.get("unit")
        if role and unit and not can_grant_post(self.asking, Role(role), unit):
            self.add_error("role", "您不能授予这个岗位。")
        elif role and unit and (refusal := misplaced(Role(role), at_committee=unit.is_committee)):
            self.add_error("unit", refusal)
        return values


class ActiveForm(ReasonForm):
    """Whether the account is to be usable, as the page showed it: a second click changes nothing back."""

    active = forms.BooleanField(widget=forms.HiddenInput, required=False)
    at_once = forms.BooleanField(
        label="立即先行停用三天", required=False,
        help_text="等待确认期间即不能登录；不予确认或撤回的随即恢复，一个月内只能先行停用一次。",
    )  # fmt: skip

    def __init__(self, *args, at_once: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not at_once:
            del self.fields["at_once"]


class EndPostForm(ReasonForm):
    on = forms.DateField(
        label="结束日期", widget=DATE, initial=timezone.localdate,
        help_text="当天结束后失去该岗位的权限；要立即收回，填昨天。",
    )  # fmt: skip
    field_order = ["on", "reason"]


class UnitForm(Picking, ModelForm):
    parent = UnitField(label="上级", scope="all")

    aliases = forms.CharField(
        label="别名", required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="每行一个。导入表格和盲评遮盖时按别名识别单位。",
    )  # fmt: skip

    class Meta:
        model = Unit
        fields = [
            "slug", "name", "short_name", "kind", "order", "active_from", "active_to",
            "action_kind", "task", "ends_on", "approval_number",
        ]  # fmt: skip
        widgets = {"active_from": DATE, "active_to": DATE, "ends_on": DATE}
        help_texts = {
            "slug": "用于网址，小写字母、数字和横线，建立后不能修改。",
            "order": "数字小的在前，名单均按此排序。",
            "action_kind": "行动党支部填写，任务、期限、文号同。",
        }

    def __init__(self, *args, asking, **kwargs):
        super().__init__(*args, **kwargs)
        units = Unit.objects.order_by("order", "path")
        if not holds(asking, Role.SYSADMIN):
            units = units.within(units_of(asking, Role.OFFICE))
        self.fields["kind"].choices = [
            choice
            for choice in UnitKind.choices
            if choice[0] != UnitKind.COMMITTEE or (self.instance.pk and self.instance.is_committee)
        ]
        if not self.instance.pk:
            self.fields["kind"].choices = [("", "请选择"), *self.fields["kind"].choices]
        self.fields["action_kind"].choices = [("", "不是行动党支部"), *self.fields["action_kind"].choices[1:]]
        first = ["parent", "slug"]
        if self.instance.pk:
            del self.fields["slug"], self.fields["parent"]
            self.fields["aliases"].initial = "\n".join(alias.name for alias in self.instance.aliases.all())
            first = []
            if not self.instance.active_to:
                del self.fields["active_to"]  # closing is an act of its own
        else:
            self.fields["parent"].rows = units.active_on(timezone.localdate())
        self.helper = helper(
            *first,
            ("name", "short_name"),
            ("kind", "order"),
            ("active_from", "active_to") if "active_to" in self.fields else "active_from",
            ("action_kind", "task"),
            ("ends_on", "approval_number"),
            "aliases",
        )

    def clean_slug(self):
        if self.cleaned_data["slug"] in RESERVED_SLUGS:
            raise forms.ValidationError("这个代码不能使用，请换一个。")
        return self.cleaned_data["slug"]

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        other = (
            UnitAlias.objects.filter(name=name).exclude(unit=self.instance.pk).select_related("unit").first()
        )
        if other and name != self.instance.name:
            raise forms.ValidationError(f"这是{other.unit}的别名，请先在那里删去。")
        return name

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
        bearer = Unit.objects.filter(active_to=None, name__in=names).exclude(pk=self.instance.pk).first()
        if bearer:
            raise forms.ValidationError(f"“{bearer.name}”是另一个党组织的全称。")
        return names

    def clean(self):
        values = super().clean()
        if values.get("parent"):
            self.instance.parent = values["parent"]
        if values.get("kind") == UnitKind.ACTION_BRANCH:
            for name in ("task", "action_kind"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, "行动党支部须填写。")
        return values


class MoveUnitForm(Picking, ReasonForm):
    parent = UnitField(label="新的上级", scope="all")
    field_order = ["parent", "reason"]

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].rows = others_of_the_committee(unit)


def others_of_the_committee(unit: Unit):
    """The units that exist today under the same committee, it included, without the unit and its tree."""
    whole = Unit.objects.filter(path__startswith=unit.organiser_slug + "/").active_on(timezone.localdate())
    return whole.exclude(path__startswith=unit.path)


class CloseUnitForm(Picking, ReasonForm):
    on = forms.DateField(
        label="撤销日期", widget=DATE, initial=timezone.localdate, help_text="在任岗位同日结束。"
    )
    into = UnitField(
        label="并入", scope="all", required=False,
        help_text="有承接单位的填写：原名称、简称、别名此后都指向它。没有的留空。",
    )  # fmt: skip
    field_order = ["on", "into", "reason"]

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].rows = others_of_the_committee(unit).exclude(parent=None)


class WorkbookForm(forms.Form):
    """The workbook to be read and previewed."""

    file = WorkbookField(label="Excel文件", help_text="xlsx格式，不超过2MB、2000行；列名与模板一致。")
    nothing_secret = forms.BooleanField(
        label=NOTHING_SECRET, error_messages={"required": "请确认文件不涉密后再读取。"}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("file", "nothing_secret")


class FirstPasswordsForm(forms.Form):
    """The accounts that were ticked, carried from the list to the page that asks, and from there to the act."""

    pick = forms.ModelMultipleChoiceField(
        queryset=User.objects.all(), to_field_name="username", widget=forms.MultipleHiddenInput
    )  # fmt: skip

    sure = forms.BooleanField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
