"""The notice and its objections: what is published, who objects, how the office answers."""

from awards.notice.actions.cases import (
    accept_objection,
    extend_objection,
    refuse_objection,
    rule_on_objection,
    take_objection,
)
from awards.notice.actions.filing import file_objection
from awards.notice.actions.publishing import change_notice, draft_notice, extend_notice, publish_notice
from awards.notice.actions.succession import move_up
from awards.notice.actions.withdrawing import remove_due_contacts, withdraw_due_details

__all__ = [
    "accept_objection",
    "change_notice",
    "draft_notice",
    "extend_notice",
    "extend_objection",
    "file_objection",
    "move_up",
    "publish_notice",
    "refuse_objection",
    "remove_due_contacts",
    "rule_on_objection",
    "take_objection",
    "withdraw_due_details",
]
