"""Forms of the registers and of tasks."""

from __future__ import annotations

from crispy_forms.layout import Layout
from django import forms

from services.catalogue import Register
from services.forms.activities import ActivityForm
from services.forms.rows import LoadedChoiceField, RowForm, box_of
from services.models.activities import Activity
from services.models.logged import Logged
from services.models.registers import Registration
from services.models.tasks import ActionTask
from units.models import Community, PartyMember, User


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

    field_order = ["ticket", "unit", "number", "community", "registered_on", "duty"]

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
    return forms.modelform_factory(
        register.model, form=RegisterForm, fields=register.fields, formfield_callback=box_of
    )


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


def form_for(row: Logged | None, register: Register, *, user: User, data=None, kind=None) -> RowForm:
    """The form of a row, or of a new one (`kind` for an activity)."""
    if register.model is Activity:
        return ActivityForm(data, instance=row, user=user, kind=row.kind if row else kind)
    return form_class_for(register)(data, instance=row, user=user)
