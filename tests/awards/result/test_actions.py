"""Announcing and revoking: who gets a certificate when, and what stays for ever."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from awards.errors import StageError
from awards.nomination.models import Nomination
from awards.notice.actions.cases import accept_objection, refuse_objection, rule_on_objection
from awards.notice.actions.publishing import draft_notice, publish_notice
from awards.notice.actions.succession import move_up
from awards.result.actions import announce_results, revoke_result
from awards.result.models import Certificate, Result
from awards.result.rules import add_years
from awards.states import State
from tests.awards.notice.rounds import at, object_to, on_notice, over
from units.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
NUMBER = "东区直工委〔2026〕12号"


def states(files):
    found = dict(Nomination.objects.values_list("pk", "state"))
    return [found[file.pk] for file in files]


def test_nothing_is_announced_before_the_day_after_the_last():
    campaign, files, office, notice = on_notice()
    with at(over(notice) - timedelta(seconds=1)), pytest.raises(StageError, match="没有可以公布"):
        announce_results(campaign, document_number=NUMBER, actor=office)
    assert not Result.objects.exists()
    with at(over(notice)):
        announce_results(campaign, document_number=NUMBER, actor=office)
    assert states(files) == [State.SELECTED] * 5 + [State.NOT_SELECTED] * 2


def test_results_copy_the_notice_and_certificates_count_from_one_by_code():
    campaign, _files, office, notice = on_notice()
    with at(over(notice)):
        made = announce_results(campaign, document_number=f" {NUMBER} ", actor=office)
    campaign.refresh_from_db()
    assert campaign.announced_at == over(notice)
    codes = [result.nomination.code for result in made]
    assert codes == sorted(codes)
    assert [result.certificate.number for result in made] == [
        f"DYQZ-{campaign.year}-F-{place:03d}" for place in range(1, 6)
    ]
    assert {result.document_number for result in made} == {NUMBER}
    assert made[0].unit_name == made[0].nomination.unit.name
    assert made[0].notice == notice
    acts = AuditEntry.objects.filter(event__in=["results_announced", "certificate_issued"])
    assert acts.count() == 11
    assert len(set(acts.values_list("act_id", flat=True))) == 1


def test_an_open_case_waits_and_is_announced_later_with_the_next_number():
    campaign, files, office, notice = on_notice()
    filed, accepted = object_to(notice, files[0]), object_to(notice, files[1])
    accept_objection(accepted, actor=office)
    with at(over(notice)):
        announce_results(campaign, document_number=NUMBER, actor=office)
        assert states(files[:3]) == [State.ON_NOTICE, State.SUSPENDED, State.SELECTED]
        with pytest.raises(StageError, match="没有可以公布"):
            announce_results(campaign, document_number=NUMBER, actor=office)
        refuse_objection(filed, reason="没有证据", actor=office)
        rule_on_objection(accepted, outcome="not_upheld", findings="不实", actor=office)
        late = announce_results(campaign, document_number="东区直工委〔2026〕13号", actor=office)
    assert states(files[:5]) == [State.SELECTED] * 5
    assert [result.certificate.number[-3:] for result in late] == ["004", "005"]
    assert {result.document_number for result in late} == {"东区直工委〔2026〕13号"}


def test_who_moved_up_waits_for_its_own_notice():
    campaign, files, office, notice = on_notice()
    case = accept_objection(object_to(notice, files[0]), actor=office)
    rule_on_objection(case, outcome="upheld", findings="属实", actor=office)
    move_up(campaign, nomination=files[5], reason="第一名取消", actor=office)
    with at(over(notice)):
        announce_results(campaign, document_number=NUMBER, actor=office)
        second = publish_notice(draft_notice(campaign, actor=office), actor=office)
        assert states([files[5]]) == [State.ON_NOTICE]
        with pytest.raises(StageError, match="没有可以公布"):
            announce_results(campaign, document_number=NUMBER, actor=office)
    with at(over(second)):
        announce_results(campaign, document_number=NUMBER, actor=office)
    assert states([files[0], files[5]]) == [State.NOT_SELECTED, State.SELECTED]


@pytest.mark.parametrize("number", ["", "东区直工委[2026]12号", "东区直工委〔2026〕第12号", "12号"])
def test_a_malformed_document_number_announces_nothing(number):
    campaign, _, office, notice = on_notice()
    with at(over(notice)), pytest.raises(StageError):
        announce_results(campaign, document_number=number, actor=office)
    assert not Result.objects.exists()
    assert not Certificate.objects.exists()


def test_a_corrected_title_is_the_one_announced():
    campaign, files, office, notice = on_notice()
    case = accept_objection(object_to(notice, files[0]), actor=office)
    rule_on_objection(
        case, outcome="partly", findings="名称夸大", correction="名称更正", title="更正后的名称", actor=office
    )
    with at(over(notice)):
        announce_results(campaign, document_number=NUMBER, actor=office)
    assert Result.objects.get(nomination=files[0]).title == "更正后的名称"


# ---- revoking


def test_revoking_keeps_everything_marks_it_and_bars_the_work():
    campaign, files, office, notice = on_notice()
    with at(over(notice)):
        announce_results(campaign, document_number=NUMBER, actor=office)
        result = Result.objects.get(nomination=files[0])
        with pytest.raises(StageError, match="理由"):
            revoke_result(result, reason=" ", actor=office)
        result = revoke_result(result, reason="材料造假", actor=office)
        with pytest.raises(StageError, match="已被撤销"):
            revoke_result(result, reason="再次", actor=office)
    assert states([files[0]]) == [State.REVOKED]
    assert result.revoke_reason == "材料造假"
    assert result.banned_until == add_years(notice.last_day + timedelta(days=1), 3)
    assert result.certificate.number
    assert AuditEntry.objects.get(event="result_revoked").reason == "材料造假"


def test_a_revoked_number_is_never_given_again():
    campaign, files, office, notice = on_notice()
    case = accept_objection(object_to(notice, files[0]), actor=office)
    with at(over(notice)):
        announce_results(campaign, document_number=NUMBER, actor=office)
        last = Result.objects.get(certificate__number__endswith="-004")
        revoke_result(last, reason="造假", actor=office)
        rule_on_objection(case, outcome="not_upheld", findings="不实", actor=office)
        [late] = announce_results(campaign, document_number=NUMBER, actor=office)
    assert late.certificate.number.endswith("-005")


@pytest.mark.parametrize("row", ["result", "certificate"])
def test_the_database_keeps_results_and_certificates(row):
    campaign, _files, office, notice = on_notice()
    with at(over(notice)):
        announce_results(campaign, document_number=NUMBER, actor=office)
    thing = Certificate.objects.first() if row == "certificate" else Result.objects.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        type(thing).objects.filter(pk=thing.pk)._raw_delete("default")
    assert type(thing).objects.filter(pk=thing.pk).exists()
