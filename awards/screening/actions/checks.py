"""Write down what was found, question by question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from awards.catalogue import part_of_check
from awards.errors import StageError
from awards.moves import locked
from awards.nomination.models import Attachment, BlindCorrection, Nomination
from awards.screening.models import ScreeningCheck, Verdict
from awards.screening.queries.examination import Examination, examination_from, examination_of
from awards.screening.rules.checklist import checks_for
from awards.states import State
from units.audit.events import Event
from units.audit.record import record
from units.errors import StaleVersion
from units.models import User


@dataclass(frozen=True)
class Opinion:
    """The answer to one question; part: what the unit is to mend, by default the question's own."""

    verdict: str
    remark: str = ""
    part: str = ""


@transaction.atomic
def save_checks(
    nomination: Nomination, opinions: Mapping[str, Opinion], *, actor: User, version: str | None = None
) -> Examination:
    """Keep the answers for the newest submission; one entry in the log for all that changed.

    version: the Examination.version the page was made from; given and outdated, nothing is written.
    Raises StaleVersion then, StageError when the file is not in screening or a decision already waits.
    """
    nomination = locked(nomination)
    if nomination.state != State.SUBMITTED:
        raise StageError(f"该项目已是“{State(nomination.state).label}”，不能再登记审查意见。")
    examination = examination_of(nomination)
    if examination.waiting:
        raise StageError("已拟定审查结论，请先取消拟定再修改审查意见。")
    known = {check.code: check.label for check in checks_for(nomination.category.letter)}
    changed = {
        item: opinion
        for item, opinion in opinions.items()
        if item in known and not _same(examination.checks.get(item), opinion)
    }
    if changed and version is not None and version != examination.version:
        raise StaleVersion("他人已修改本件的审查意见，您的修改尚未保存，请比较后再保存。")
    if not changed:
        return examination
    written = ScreeningCheck.objects.bulk_create(
        [
            ScreeningCheck(submission=examination.submission, item=item, **_columns(item, opinion, actor))
            for item, opinion in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["submission", "item"],
        update_fields=["verdict", "remark", "field", "checked_by", "checked_at"],
    )
    record(
        Event.SCREENING_CHECKED,
        actor=actor,
        target=nomination,
        after={known[item]: Verdict(opinion.verdict).label for item, opinion in changed.items()},
    )
    given = examination.checks | {check.item: check for check in written}
    return examination_from(
        nomination, examination.submission, given, examination.rounds, examination.waiting
    )


def _columns(item: str, opinion: Opinion, actor: User) -> dict[str, object]:
    return {
        "verdict": Verdict(opinion.verdict),
        "remark": opinion.remark.strip(),
        "field": opinion.part or part_of_check(item),
        "checked_by": actor,
        "checked_at": timezone.now(),
    }


def _same(check: ScreeningCheck | None, opinion: Opinion) -> bool:
    if check is None:
        return False
    part = opinion.part or part_of_check(check.item)
    return (check.verdict, check.remark, check.field) == (opinion.verdict, opinion.remark.strip(), part)


# While reviewers have not begun, the office says yes or no; later it is a correction that they see.
BLIND_IS_OPEN = (State.SUBMITTED, State.QUALIFIED)


@transaction.atomic
def confirm_blind(attachment: Attachment, *, ok: bool, actor: User, reason: str = "") -> Attachment:
    """Say whether reviewers of the written stage may open an attachment that its unit claims is blind.

    Once they read the entry, a change wants a reason, which they are shown. Raises StageError; also for a file
    whose properties still tell who made it.
    """
    nomination = locked(attachment.nomination)
    attachment = (
        Attachment.objects.select_for_update(of=("self",)).select_related("reading").get(pk=attachment.pk)
    )
    _refuse_blind(nomination, attachment, ok)
    if attachment.blind_settled and attachment.blind_ok == ok:
        return attachment
    is_late = nomination.reviewed_from is not None
    if is_late and not reason.strip():
        raise StageError("评审已经启动，更正须写明原因，评委会看到。")
    attachment.blind_ok, attachment.blind_settled = ok, True
    attachment.save(update_fields=["blind_ok", "blind_settled"])
    if is_late:
        BlindCorrection.objects.create(attachment=attachment, ok=ok, reason=reason.strip(), by=actor)
    changes = {"attachment": attachment.slug, "blind_ok": ok}
    record(Event.BLIND_CONFIRMED, actor=actor, target=nomination, after=changes, reason=reason.strip())
    return attachment


def _refuse_blind(nomination: Nomination, attachment: Attachment, ok: bool) -> None:
    if nomination.state not in BLIND_IS_OPEN:
        raise StageError(f"该项目已是“{State(nomination.state).label}”，不能再确认附件。")
    if attachment.removed_at:
        raise StageError("该附件已移除。")
    if ok and not attachment.blind_claimed:
        raise StageError("申报单位没有声明该附件不含单位和个人信息，不能供匿名评审。")
    if ok and (traces := getattr(getattr(attachment, "reading", None), "traces", None)):
        raise StageError(
            f"该附件仍带有制作人信息，不能供匿名评审：{'、'.join(traces)}。请申报单位另存为pdf后重新上传。"
        )
