"""What the office types about a meeting: when and where, who came, the votes, and the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from awards.decision.models import Attendance, Meeting, Threshold
from awards.decision.queries import counts_of
from awards.ranking.models import RankedEntry
from units.kit.fields import LongTextField

COUNTS = {"in_favour": "同意", "against": "不同意", "abstained": "弃权", "invalid": "无效"}


class CallForm(forms.Form):
    """When, where, under whom, and what a list needs to pass."""

    held_at = forms.DateTimeField(
        label="会议时间",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label="地点", max_length=60, required=False)
    chair = forms.CharField(label="主持人职务", max_length=60, required=False, help_text="填职务，不填姓名。")
    threshold = forms.ChoiceField(
        label="通过条件", choices=Threshold.choices, widget=forms.RadioSelect, initial=Threshold.ENTITLED,
        help_text="到会人数须达到应到人数的三分之二，同意票须过半数，恰为半数的不通过。",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("held_at", "place", "chair", "threshold")


class MeetingForm(CallForm):
    """The call's fields, the attendance, the votes on each motion, and the notes.

    names: motion (a category's letter, the code of an entry voted on apart) → its words.
    """

    notes = LongTextField(label="会议记录", required=False, max_length=5000, rows=5)

    def __init__(
        self, *args, meeting: Meeting, attendance: list[Attendance], names: Mapping[str, str], **kwargs
    ):
        self.meeting, self.attendance, self.names = meeting, attendance, names
        fields = ("held_at", "place", "chair", "threshold", "notes")
        initial = {name: getattr(meeting, name) for name in fields}
        counted = counts_of(meeting)
        for row in attendance:
            initial |= {f"present_{row.member_id}": row.present, f"note_{row.member_id}": row.note}
        for key in names:
            initial |= {f"{key}_{name}": getattr(counted.get(key), name, None) for name in COUNTS}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        for row in attendance:
            self.fields[f"present_{row.member_id}"] = forms.BooleanField(
                label=str(row.member), required=False
            )
            self.fields[f"note_{row.member_id}"] = forms.CharField(
                label=f"{row.member}未到会说明", max_length=100, required=False
            )
        for key, motion in names.items():
            for name, label in COUNTS.items():
                self.fields[f"{key}_{name}"] = forms.IntegerField(
                    label=f"{motion}{label}", min_value=0, max_value=999, required=False
                )
        self.helper.layout.append("notes")

    def people(self) -> list[tuple[Attendance, forms.BoundField, forms.BoundField]]:
        return [
            (row, self[f"present_{row.member_id}"], self[f"note_{row.member_id}"]) for row in self.attendance
        ]

    def counts(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(name, [self[f"{key}_{count}"] for count in COUNTS]) for key, name in self.names.items()]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("held_at", "place", "chair", "threshold", "notes")}

    def present(self) -> list[int]:
        return [row.member_id for row in self.attendance if self.cleaned_data[f"present_{row.member_id}"]]

    def excuses(self) -> dict[int, str]:
        return {row.member_id: self.cleaned_data[f"note_{row.member_id}"] for row in self.attendance}

    def typed(self) -> dict[str, Any]:
        """What `save_meeting` writes down."""
        return {
            "values": self.values(),
            "present": self.present(),
            "excuses": self.excuses(),
            "tallies": self.tallies(),
        }

    def tallies(self) -> dict[str, dict[str, int]]:
        """Motions with at least one figure typed; one left blank has not been counted."""
        found = {}
        for key in self.names:
            counts = {name: self.cleaned_data[f"{key}_{name}"] for name in COUNTS}
            if any(count is not None for count in counts.values()):
                found[key] = {name: count or 0 for name, count in counts.items()}
        return found


class ListForm(forms.Form):
    """One tick and one reason for each candidate; what the ranking seats is ticked beforehand."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self, *args, digest: str, rows: list[RankedEntry],
        prepared: bool, **kwargs,
    ):  # fmt: skip
        self.rows = rows
        initial = {"digest": digest}
        for row in rows:
            code = row.nomination.code
            initial[f"take_{code}"] = row.on_list if prepared else bool(row.seat)
            initial[f"reason_{code}"] = row.reason or ""
        super().__init__(*args, initial=initial, **kwargs)
        for row in rows:
            code = row.nomination.code
            self.fields[f"take_{code}"] = forms.BooleanField(label=f"列入{code}", required=False)
            self.fields[f"reason_{code}"] = forms.CharField(
                label=f"{code}与排名不一致的理由", max_length=300, required=False
            )

    def lines(self) -> Iterable[tuple[RankedEntry, forms.BoundField, forms.BoundField]]:
        for row in self.rows:
            code = row.nomination.code
            yield row, self[f"take_{code}"], self[f"reason_{code}"]

    def chosen(self) -> set[str]:
        codes = [row.nomination.code for row in self.rows]
        return {code for code in codes if self.cleaned_data[f"take_{code}"]}

    def reasons(self) -> dict[str, str]:
        codes = [row.nomination.code for row in self.rows]
        return {code: self.cleaned_data[f"reason_{code}"] for code in codes}

    def typed(self) -> dict[str, Any]:
        """What `prepare_list` prepares."""
        asked = {"digest": self.cleaned_data["digest"]}
        return asked | {"chosen": self.chosen(), "reasons": self.reasons()}
