"""Every state of a nomination and every legal move; buttons, checks and tests read this one table."""

from awards.errors import StageError
from units.kit.status import Status


class State(Status):
    """In the order a file passes them; see docs/design.md."""

    DRAFT = "draft", "pencil", "", "草稿"
    UNIT_REVIEW = "unit_review", "circle-half", "", "单位审核"
    SUBMITTED = "submitted", "hourglass-split", "", "待资格审查"
    RETURNED = "returned", "arrow-return-left", "warn", "退回补正"
    QUALIFIED = "qualified", "check2", "", "资格合格"
    SHORTLISTED = "shortlisted", "check2-all", "", "入围"
    PROPOSED = "proposed", "award", "gold", "拟入选"
    ON_NOTICE = "on_notice", "megaphone", "gold", "公示中"
    SUSPENDED = "suspended", "pause-circle", "warn", "异议核查"
    SELECTED = "selected", "award-fill", "gold", "入选"
    NOT_SELECTED = "not_selected", "dash", "", "未入选"
    NOT_SHORTLISTED = "not_shortlisted", "dash", "", "未入围"
    INELIGIBLE = "ineligible", "x-circle", "stop", "不予受理"
    LAPSED = "lapsed", "clock-history", "stop", "逾期视为撤回"
    WITHDRAWN = "withdrawn", "arrow-counterclockwise", "", "撤回"
    REVOKED = "revoked", "slash-circle", "stop", "撤销"


MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.UNIT_REVIEW, State.WITHDRAWN}),
    State.UNIT_REVIEW: frozenset({State.DRAFT, State.SUBMITTED, State.WITHDRAWN}),
    State.SUBMITTED: frozenset({State.QUALIFIED, State.RETURNED, State.INELIGIBLE, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.SUBMITTED, State.LAPSED, State.WITHDRAWN}),
    State.QUALIFIED: frozenset(
        {State.SHORTLISTED, State.NOT_SHORTLISTED, State.PROPOSED, State.NOT_SELECTED}
    ),
    State.SHORTLISTED: frozenset({State.PROPOSED, State.NOT_SELECTED}),
    State.PROPOSED: frozenset({State.ON_NOTICE, State.NOT_SELECTED}),
    State.ON_NOTICE: frozenset({State.SUSPENDED, State.SELECTED, State.NOT_SELECTED}),
    State.SUSPENDED: frozenset({State.ON_NOTICE, State.NOT_SELECTED}),
    State.NOT_SELECTED: frozenset({State.PROPOSED}),
    State.SELECTED: frozenset({State.REVOKED}),
    State.INELIGIBLE: frozenset(),
    State.LAPSED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.NOT_SHORTLISTED: frozenset(),
    State.REVOKED: frozenset(),
}

# The nomination is with its unit, which may edit it.
WITH_THE_UNIT = frozenset({State.DRAFT, State.UNIT_REVIEW, State.RETURNED})
# The unit's place is given back.
FREES_ITS_PLACE = frozenset({State.WITHDRAWN, State.INELIGIBLE, State.LAPSED})
HOLDS_A_PLACE = frozenset(State) - FREES_ITS_PLACE - {State.DRAFT, State.UNIT_REVIEW}
# Past screening: judged, decided, published.
IN_THE_RACE = frozenset(
    {
        State.QUALIFIED,
        State.SHORTLISTED,
        State.NOT_SHORTLISTED,
        State.PROPOSED,
        State.NOT_SELECTED,
        State.ON_NOTICE,
        State.SUSPENDED,
        State.SELECTED,
        State.REVOKED,
    }
)
# Decided inside, told to nobody outside the committee before the notice is published.
SECRET_UNTIL_NOTICE = frozenset({State.PROPOSED, State.NOT_SELECTED})
FINAL = frozenset(state for state, moves in MOVES.items() if not moves)


def may_move(old: State | str, new: State | str) -> bool:
    return State(new) in MOVES[State(old)]


def require_move(old: State | str, new: State | str) -> None:
    """Raise StageError, in words for the user, when the table knows no such move."""
    if not may_move(old, new):
        raise StageError(
            f"当前状态为“{State(old).label}”，不能转为“{State(new).label}”。请刷新页面后再办理。"
        )


def outward_state(state: State | str, *, outcome_public: bool, before: State = State.QUALIFIED) -> State:
    """The state as its own unit sees it: a decision of the meeting stays inside until the notice.

    before: what the file was when the meeting took it up (QUALIFIED with one stage, else SHORTLISTED).
    """
    state = State(state)
    return before if state in SECRET_UNTIL_NOTICE and not outcome_public else state
