"""The meeting's list was once kept among the verdicts of screening."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from awards.nomination.models import PreparedDecision
from awards.states import State
from tests.awards.decision.meetings import ready
from tests.factories import NominationFactory

moved = import_module("awards.migrations.0005_a_list_of_the_meeting")


@pytest.mark.django_db
def test_the_lines_of_a_list_move_out_and_back_and_verdicts_stay():
    campaign, files, meeting = ready(3)
    verdict = PreparedDecision.objects.create(
        nomination=NominationFactory(campaign=campaign, submitted=True), to_state=State.QUALIFIED
    )
    with connection.cursor() as cursor:  # as it was before
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE awards_prepareddecision DROP CONSTRAINT prepared_is_a_verdict")
    for file, to in zip(files, (State.PROPOSED, State.NOT_SELECTED, State.PROPOSED), strict=True):
        PreparedDecision.objects.create(
            nomination=file, to_state=to, reason="依次递补", details={"meeting": meeting.pk}
        )
    facts = ("nomination", "to_state", "reason", "details", "prepared_at", "released_at")
    before = list(PreparedDecision.objects.order_by("nomination").values_list(*facts))

    moved.take_the_list_out(apps, None)

    assert list(meeting.lines.order_by("nomination").values_list("nomination", "taken_in", "reason")) == [
        (files[0].pk, True, "依次递补"), (files[1].pk, False, "依次递补"), (files[2].pk, True, "依次递补"),
    ]  # fmt: skip
    assert PreparedDecision.objects.get() == verdict

    moved.put_the_list_back(apps, None)
    assert list(PreparedDecision.objects.order_by("nomination").values_list(*facts)) == before
