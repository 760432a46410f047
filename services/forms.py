"""Forms of the log. Choices come from rows loaded once, so a form costs a fixed few questions."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms
from django.utils import timezone

from services.catalogue import Register
from services.models import (
    DETAIL_MODELS,
    SLUG_ALPHABET,
    ActionTask,
    Activity,
    Logged,
    Registration,
    ServiceKind,
    new_slug,
)
from services.permissions import own_committees
from services.rules import faults
from units.models import Community, PartyMember, Unit, UnitKind, User
from units.papers.carried import WorkbookField
from units.permissions import units_of
from units.pickers import Picking, UnitsField
from units.roles import UNIT_ROLES
from units.uploads.fields import UploadField
from units.versions import Versioned


class LoadedChoiceField(forms.TypedChoiceField):
    """One of some rows already in memory: drawing and checking it asks the database nothing."""

    def __init__(self, *, rows, **kwargs):
        self.rows = {str(row.pk): row for row in rows}
        choices = [(key, str(row)) for key, row in self.rows.items()]
        super().__init__(choices=[("", "请选择"), *choices], coerce=self.rows.get, empty_value=None, **kwargs)

    def prepare_value(self, value):
        return getattr(value, "pk", value)


class Units:
    """The committee's units in one query, in the cuts a form needs."""

    def __init__(self, user: User):
        own = units_of(user, *UNIT_ROLES)
        everyone = Unit.objects.filter(own_committees(user)).active_on(timezone.localdate())
        self.all = list(everyone.only("slug", "name", "short_name", "kind", "path", "parent", "top"))
        paths = tuple(unit.path for unit in own)
        # The committee itself serves nobody: its people log for the units below it.
        self.own = [unit for unit in self.all if unit.path.startswith(paths) and not unit.is_committee]
        self.home = next((unit for unit in self.own if unit.pk == own[0].pk), None) if own else None
        self.tops = everyone.top_organizations()
        self.action_branches = [unit for unit in self.all if unit.kind == UnitKind.ACTION_BRANCH]
        self.own_action_branches = [unit for unit in self.own if unit.kind == UnitKind.ACTION_BRANCH]


class RowForm(Picking, Versioned):
    """Common to all: calendars for days, no cutting of pasted text, rules beside the field, the version."""

    # What a new row will be called, given out with the empty form: sent twice, it is one row.
    ticket = forms.RegexField(
        rf"^[{SLUG_ALPHABET}]{{10}}$", widget=forms.HiddenInput, required=False, initial=new_slug
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.units = Units(user)
        if not self.instance._state.adding:
            del self.fields["ticket"]
        if "unit" in self.fields:
            self._offer_units()
        self.helper = FormHelper(self)
        self.helper.form_tag = False

    def _offer_units(self):
        self.fields["unit"] = LoadedChoiceField(rows=self.units.own, label="单位")
        if self.units.home and not self.instance.unit_id:
            self.initial["unit"] = self.units.home.pk

    def tidy(self) -> None:
        """Called when all fields are there."""
        for field in self.fields.values():
            # A browser cuts a pasted text at maxlength without a word; the server says how long it is.
            field.widget.attrs.pop("maxlength", None)
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"} | field.widget.attrs)
            if isinstance(field, forms.TypedChoiceField) and field.choices[:1] == [("", "---------")]:
                field.choices = [("", "请选择"), *field.choices[1:]]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4

    def _get_validation_exclusions(self):
        # Chosen among rows that were loaded a moment ago: not looked up once more.
        loaded = {name for name, field in self.fields.items() if isinstance(field, LoadedChoiceField)}
        return super()._get_validation_exclusions() | loaded | self.asked

    # Fields whose constraints `faults` asks in words; asking the database too costs three queries each.
    asked: frozenset[str] = frozenset()

    def clean(self):
        values = super().clean()
        for name, words in faults(values, today=timezone.localdate()).items():
            if name in self.fields:
                self.add_error(name, words)
        return values

    def _post_clean(self):
        super()._post_clean()
        if self.cleaned_data.get("ticket"):
            self.instance.slug = self.cleaned_data["ticket"]

    def saved_before(self):
        """The row that this very form has made already, or None."""
        ticket = self.cleaned_data.get("ticket")
        return self._meta.model.objects.filter(slug=ticket).first() if ticket else None

    def values(self) -> dict[str, Any]:
        """Column → clean value, for an action."""
        columns = {field.name for field in self._meta.model._meta.concrete_fields}
        return {name: value for name, value in self.cleaned_data.items() if name in columns - {"version"}}


# ---------------------------------------------------------------- activities

NUMBERS = ("attendance", "beneficiaries", "hours", "problems_received", "problems_closed")
BESIDE_EACH_OTHER = ("happened_on", "ends_on")


class ActivityForm(RowForm):
    """One activity with the details of its kind; the kind is chosen before the form opens."""

    asked = frozenset({"ends_on", "problems_closed"})

    joint_units = UnitsField(label="联合单位", required=False)

    class Meta:
        model = Activity
        fields = [
            "unit", "happened_on", "ends_on", "place", "subject", "target", "summary", "outcome",
            *NUMBERS, "satisfaction", "is_volunteering", "community", "action_branch", "foreign_number",
        ]  # fmt: skip

    def __init__(self, *args, user: User, kind: ServiceKind, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.kind = ServiceKind(kind)
        self.detail_model = DETAIL_MODELS[self.kind]
        self.detail_names = self._add_detail()
        self.fields["joint_units"].units = self.units.tops
        self.fields["joint_units"].help_text = "共同开展的其他单位。全区统计计一次，各单位各计一次。"
        self.fields["community"] = LoadedChoiceField(
            rows=Community.objects.only("name"), label="社区", required=False
        )
        self.fields["action_branch"] = LoadedChoiceField(
            rows=self.units.action_branches, label="行动党支部", required=False
        )
        for name in NUMBERS:
            # An empty box is a plain 0: nobody should have to type it.
            self.fields[name].required = False
            self.fields[name].min_value = 0
        if not self.instance._state.adding:
            self.initial["joint_units"] = [joint.unit for joint in self.instance.joint_units.all()]
        self.tidy()
        self.helper.layout = self._layout()

    def _add_detail(self) -> list[str]:
        row = None if self.instance._state.adding else self.instance.detail
        fields = forms.fields_for_model(self.detail_model, exclude=["activity"])
        self.fields.update(fields)
        for name in fields:
            if self._has_zero(name):
                self.fields[name].required = False
        if row:
            self.initial.update(forms.model_to_dict(row, fields=list(fields)))
        return list(fields)

    def _layout(self) -> Layout:
        detail = [name for name in self.detail_names if name not in self._small()]
        small = [name for name in self.detail_names if name in self._small()]
        return Layout(
            *(name for name in ("version", "ticket") if name in self.fields),
            HTML('<section class="block"><div class="block-head mb-3"><h2>基本情况</h2></div>'),
            "unit",
            Row(*(Column(name, css_class="col-md-3") for name in BESIDE_EACH_OTHER)),
            "place",
            "subject",
            "target",
            "summary",
            "outcome",
            HTML(
                '</section><section class="block"><div class="block-head mb-3">'
                f"<h2>{self.kind.label}</h2></div>"
            ),
            *detail,
            Row(*(Column(name, css_class="col-sm-6 col-lg-3") for name in small)),
            HTML(
                '</section><section class="block"><div class="block-head mb-3"><h2>数量</h2>'
                "<p>人次按场累计，不去重；没有的留空。</p></div>"
            ),
            Row(*(Column(name, css_class="col-6 col-lg-2") for name in NUMBERS)),
            "satisfaction",
            HTML('</section><section class="block"><div class="block-head mb-3"><h2>归属</h2></div>'),
            "is_volunteering",
            Row(
                Column("community", css_class="col-md-4"),
                Column("action_branch", css_class="col-md-4"),
                Column("foreign_number", css_class="col-md-4"),
            ),
            "joint_units",
            HTML("</section>"),
        )

    def _small(self) -> set[str]:
        """Details that take a quarter of a line: days, numbers, choices."""
        kinds = forms.DateField | forms.IntegerField | forms.DecimalField | forms.ChoiceField
        return {name for name in self.detail_names if isinstance(self.fields[name], kinds)}

    def clean(self):
        values = super().clean()
        for name in self._numbers_left_empty(values):
            values[name] = 0
        units = values.get("joint_units") or []
        if values.get("unit") and values["unit"].top_id in {unit.pk for unit in units}:
            self.add_error("joint_units", "登记单位自己不必再选。")
        return values

    def _numbers_left_empty(self, values) -> list[str]:
        names = [*NUMBERS, *(name for name in self.detail_names if self._has_zero(name))]
        return [name for name in names if name in values and values[name] is None]

    def _has_zero(self, name: str) -> bool:
        return self.detail_model._meta.get_field(name).default == 0

    def detail(self) -> dict[str, Any]:
        """The values of the kind's detail table."""
        return {name: self.cleaned_data[name] for name in self.detail_names}


# ---------------------------------------------------------------- registers


class RegisterForm(RowForm):
    """A row of any register but the members' one."""

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        if "community" in self.fields:
            self.fields["community"] = LoadedChoiceField(rows=Community.objects.only("name"), label="社区")
        self.tidy()


class RegistrationForm(RowForm):
    """党员报到: the member is named by number within the unit."""

    number = forms.CharField(label="党员编号", max_length=20, help_text="单位内编号，见党员名册。")

    class Meta:
        model = Registration
        fields = ["unit", "community", "registered_on", "duty"]

    field_order = ["version", "ticket", "unit", "number", "community", "registered_on", "duty"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["community"] = LoadedChoiceField(rows=Community.objects.only("name"), label="社区")
        if not self.instance._state.adding:
            self.initial["number"] = self.instance.member.number
        self.order_fields(self.field_order)
        self.tidy()
        self.helper.layout = Layout(*(name for name in self.field_order if name in self.fields))

    def clean(self):
        values = super().clean()
        if values.get("unit") and values.get("number"):
            self._find_member(values)
        return values

    def _find_member(self, values) -> None:
        found = PartyMember.objects.filter(
            unit__path__startswith=values["unit"].path, number=values["number"].strip()
        ).select_related("unit")[:2]
        if not found:
            self.add_error("number", "该单位名册中没有这个编号，请先核对名册。")
        elif len(found) > 1:
            self.add_error("number", "下级有两个组织使用这个编号，请在“单位”中选到党员所在支部。")
        else:
            values["member"], values["unit"] = found[0], found[0].unit
            self._refuse_double(values)

    def _refuse_double(self, values) -> None:
        same = Registration.objects.filter(
            member=values["member"],
            community=values.get("community"),
            registered_on=values.get("registered_on"),
        ).exclude(pk=self.instance.pk)
        if values.get("community") and values.get("registered_on") and same.exists():
            self.add_error("registered_on", "该党员当日已在此社区报到，请勿重复登记。")

    def _post_clean(self):
        super()._post_clean()
        if "member" in self.cleaned_data:
            self.instance.member = self.cleaned_data["member"]


def form_class_for(register: Register) -> type[RowForm]:
    if register.model is Registration:
        return RegistrationForm
    return forms.modelform_factory(register.model, form=RegisterForm, fields=register.fields)


# ---------------------------------------------------------------- tasks, returning, importing


class TaskForm(RowForm):
    """A task of an 行动党支部 the person logs for."""

    class Meta:
        model = ActionTask
        fields = ["branch", "title", "due_on", "done_on", "result"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        branches = self.units.own_action_branches
        self.fields["branch"] = LoadedChoiceField(rows=branches, label="行动党支部")
        if not branches:
            self.fields["branch"].help_text = "本单位没有行动党支部，请先由评选办建立。"
        if len(branches) == 1:
            self.initial.setdefault("branch", branches[0].pk)
        self.tidy()


class SlugsField(forms.Field):
    """The ticked rows, carried along in hidden fields."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        return list(value or [])


class ReturnForm(forms.Form):
    """Why rows go back, and which ones."""

    reason = forms.CharField(
        label="退回原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明要改什么，登记单位会看到；300字以内。",
    )
    pick = SlugsField(required=False)
    whole = forms.CharField(widget=forms.HiddenInput, required=False)
    act = forms.CharField(widget=forms.HiddenInput, required=False, initial="return")

    def __init__(self, *args, single: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs.pop("maxlength", None)
        if single:
            for name in ("pick", "whole", "act"):
                del self.fields[name]
        self.helper = FormHelper(self)
        self.helper.form_tag = False


NOTHING_SECRET = "涉密不上网：已确认文件不涉及国家秘密、工作秘密和敏感个人信息"


class FileForm(forms.Form):
    """One file of an activity."""

    file = UploadField(
        label="文件", help_text="pdf、docx、xlsx、jpg、png，每个20MB以内。图片会去除拍摄信息。"
    )
    nothing_secret = forms.BooleanField(
        label=NOTHING_SECRET, error_messages={"required": "请确认文件不涉密后再上传。"}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False


class ImportForm(forms.Form):
    """The workbook to be read."""

    file = WorkbookField(label="Excel文件", help_text="xlsx格式，不超过2MB、2000行。")
    nothing_secret = forms.BooleanField(
        label=NOTHING_SECRET, error_messages={"required": "请确认文件不涉密后再读取。"}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False


def form_for(row: Logged | None, register: Register, *, user: User, data=None, kind=None) -> RowForm:
    """The form of a row, or of a new one (`kind` for an activity)."""
    if register.model is Activity:
        return ActivityForm(data, instance=row, user=user, kind=row.kind if row else kind)
    return form_class_for(register)(data, instance=row, user=user)
