"""What the form, its map, the check and the picker show of the same nomination."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.functional import cached_property

from awards.nomination.forms import NominationForm, claim_rows, shown_values
from awards.nomination.models import AttachmentKind, Metric, Nomination
from awards.nomination.queries import (
    claim_lines,
    files_of,
    form_map,
    form_state,
    open_parts,
    open_remarks,
    recorded_figures,
)
from awards.nomination.views.common import visible_nomination
from units.kit.merge import base_of, merge
from units.versions import boxes

CLAIMS = "claims"


class FormPageMixin:
    """What the form, its map and the picker show of the same nomination."""

    nomination: Nomination

    @cached_property
    def remarks(self):
        return open_remarks(self.nomination)

    @cached_property
    def opened(self) -> frozenset[str]:
        return open_parts(self.nomination, self.remarks)

    @cached_property
    def claims(self):
        return list(self.nomination.claims.all())

    @cached_property
    def recorded(self):
        return recorded_figures(self.nomination.evidence.values("activity"))

    def bind(self, data=None):
        """The form and the rows of claims, as stored or as sent."""
        nomination = self.nomination
        categories = None if nomination.code else list(nomination.campaign.categories.all())
        form = NominationForm(data, instance=nomination, opened=self.opened, categories=categories)
        return form, claim_rows(self.claims, data, disabled="claims" not in self.opened)

    def texts(self, form, rows) -> dict[str, list[str]]:
        """What each box holds; the rows of claims are one box, as two people's rows do not mix."""
        claims = [text for row in rows.forms for held in boxes(row).values() for text in held or [""]]
        return boxes(form) | {CLAIMS: claims if any(row["value"].value() for row in rows.forms) else []}

    def merged(self, data: QueryDict):
        """Form and rows of what was sent, upon what others saved meanwhile, and what the merge found."""
        self.nomination = visible_nomination(self.request, self.nomination.key)
        del self.claims
        stored_form, stored_rows = self.bind()
        typed, stored = self.texts(*self.bind(data)), self.texts(stored_form, stored_rows)
        found = merge(data.get("base", ""), typed, stored)
        data = data.copy()
        data["version"], data["base"] = self.nomination.version, base_of(stored)
        for name in found.taken:
            data.setlist(name, found.texts[name])
        if CLAIMS in found.taken:
            for row in stored_rows.forms:
                for name, text in shown_values(row).items():
                    data[name] = text
        return *self.bind(data), found

    def figures(self) -> dict:
        """The map and the comparison of claimed and recorded figures."""
        files = files_of(self.nomination)
        states = form_state(
            self.nomination,
            claims=len(self.claims),
            cited=int(self.recorded[Metric.EVENTS]),
            sealed=any(file["kind"] == AttachmentKind.SEALED for file in files),
        )
        return {
            "map": form_map(states),
            "states": {state.code: state for state in states},
            "claim_lines": claim_lines(self.claims, self.recorded),
            "recorded": {metric.value: figure for metric, figure in self.recorded.items()},
            "files": files,
        }
