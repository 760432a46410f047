"""The form of an activity with the details of its kind."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms

from services.forms.rows import LoadedChoiceField, RowForm, box_of
from services.models.activities import DETAIL_MODELS, Activity, ServiceKind
from units.models import Community, Unit, User
from units.pickers import UnitField, UnitsField

NUMBERS = ("attendance", "beneficiaries", "hours", "problems_received", "problems_closed")
BESIDE_EACH_OTHER = ("happened_on", "ends_on")


class ActivityForm(RowForm):
    """One activity with the details of its kind; the kind is chosen before the form opens."""

    asked = frozenset({"ends_on", "problems_closed"})

    joint_units = UnitsField(label="联合单位", required=False)
    action_branch = UnitField(label="行动党支部", required=False, scope="acting")

    class Meta:
        model = Activity
        formfield_callback = box_of
        fields = [
            "unit", "happened_on", "ends_on", "place", "subject", "target", "summary", "outcome",
            *NUMBERS, "satisfaction", "is_volunteering", "community", "action_branch", "foreign_number",
        ]  # fmt: skip

    def __init__(self, *args, user: User, kind: ServiceKind, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.kind = ServiceKind(kind)
        self.detail_model = DETAIL_MODELS[self.kind]
        self.detail_names = self._add_detail()
        self.fields["joint_units"].rows = self.units.tops
        self.fields["joint_units"].help_text = "共同开展的其他单位。全区统计计一次，各单位各计一次。"
        self.fields["community"] = LoadedChoiceField(
            rows=Community.objects.only("name"), label="社区", required=False
        )
        self.fields["action_branch"].rows = self.units.action_branches
        for name in NUMBERS:
            # An empty box is a plain 0: nobody should have to type it.
            self.fields[name].required = False
            self.fields[name].min_value = 0
        if not self.instance._state.adding:
            self.initial["joint_units"] = self._joint_units  # asked when it is drawn, not when it is sent
        self.tidy()
        self.helper.layout = self._layout()

    def _add_detail(self) -> list[str]:
        row = None if self.instance._state.adding else self.instance.detail
        fields = forms.fields_for_model(self.detail_model, exclude=["activity"], formfield_callback=box_of)
        self.fields.update(fields)
        for name in fields:
            if self._has_zero(name):
                self.fields[name].required = False
        if row:
            self.initial.update(forms.model_to_dict(row, fields=list(fields)))
        return list(fields)

    def _joint_units(self) -> list[Unit]:
        rows = self.instance.joint_units.select_related("unit").order_by("unit__order", "unit__path")
        return [joint.unit for joint in rows]

    def _layout(self) -> Layout:
        detail = [name for name in self.detail_names if name not in self._small()]
        small = [name for name in self.detail_names if name in self._small()]
        return Layout(
            *(name for name in ("ticket",) if name in self.fields),
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
