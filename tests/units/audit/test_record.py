import pytest
from django.db import InternalError, transaction

from tests.factories import NominationFactory, SecretaryFactory, UserFactory
from units.audit.context import acting
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.audit.record import Act, digest_of, record, record_all

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_where_and_about_what():
    nomination = NominationFactory(submitted=True)
    secretary = SecretaryFactory()

    with acting(post="区统计局 党组织书记", address="10.1.2.3", request_id="r1"):
        entry = record(
            Event.NOMINATION_SUBMITTED, actor=secretary, target=nomination, after={"state": "submitted"}
        )

    entry.refresh_from_db()
    assert (entry.actor, entry.post, entry.address, entry.request_id) == (
        secretary,
        "区统计局 党组织书记",
        "10.1.2.3",
        "r1",
    )
    assert (entry.target_kind, entry.target_key) == ("nomination", nomination.code)
    assert entry.campaign == nomination.campaign.code
    assert entry.after == {"state": "submitted"}
    assert entry.xact_id > 0


def test_personal_values_are_kept_as_keyed_digests():
    entry = record(
        Event.ACCOUNT_CHANGED, actor=UserFactory(), before={"mobile": "13800000000"}, after={"duty": "科长"}
    )

    assert entry.before == {"mobile": digest_of("13800000000")}
    assert "13800000000" not in str(entry.before)
    assert entry.after == {"duty": "科长"}


def test_the_clock_and_the_public_are_named():
    assert record(Event.NOMINATION_LAPSED, actor=None).actor_name == "system"
    assert record(Event.OBJECTION_FILED, actor="public").actor_name == "public"


def test_a_bulk_act_is_one_statement_and_one_entry_for_each_thing(cost):
    people, actor = [UserFactory() for _ in range(30)], UserFactory()
    acts = [Act(person, before={"mobile": "13800000000"}, after={"duty": "科长"}) for person in people]

    with cost() as spent:
        made = record_all(Event.ACCOUNT_CHANGED, acts, actor=actor, reason="机构改革")

    assert spent.queries == 1
    entries = list(AuditEntry.objects.order_by("pk"))
    assert [entry.pk for entry in made] == [entry.pk for entry in entries]
    assert [entry.target_key for entry in entries] == [person.username for person in people]
    assert len({(entry.act_id, entry.xact_id, entry.reason, entry.at) for entry in entries}) == 1
    assert entries[0].act_id is not None
    assert entries[0].reason == "机构改革"
    assert entries[0].before == {"mobile": digest_of("13800000000")}


def test_a_bulk_act_on_one_thing_or_none_is_no_batch():
    assert record_all(Event.EXPORTED, [], actor=None) == []
    assert record_all(Event.EXPORTED, [Act("清单")], actor=None)[0].act_id is None


@pytest.mark.parametrize(
    "change", [lambda rows: rows.update(reason="x"), lambda rows: rows.delete()], ids=["update", "delete"]
)
def test_the_database_itself_refuses_to_change_an_entry(change):
    record(Event.EXPORTED, actor=None)

    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        change(AuditEntry.objects.all())
    assert AuditEntry.objects.get().reason == ""
