"""What the form, its map, the check and the picker show of the same nomination."""

from __future__ import annotations

from django.utils.functional import cached_property

from awards.nomination.models import AttachmentKind, Metric, Nomination
from awards.nomination.queries.content import claim_lines, files_of, form_state, recorded_figures
from awards.nomination.queries.form_map import form_map
from awards.nomination.queries.opening import open_parts, open_remarks
from awards.nomination.queries.stamp import stale_stamp


class FormPageMixin:
    """What the form, its map and the picker show of the same nomination."""

    nomination: Nomination
    typed_only = True  # what a stamped page is compared with

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
            "stale_stamp": stale_stamp(self.nomination, files, typed_only=self.typed_only),
        }
