from datetime import date

import pytest

from services.rules import closing_rate, faults, quarter_of, quarter_span

TODAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"happened_on": TODAY, "problems_received": 3, "problems_closed": 3}, {}),
        ({"happened_on": date(2026, 11, 4)}, {"happened_on": "日期不能晚于今天。"}),
        ({"happened_on": TODAY, "ends_on": date(2026, 11, 2)}, {"ends_on": "结束日期不能早于开始日期。"}),
        (
            {"agreed_on": date(2026, 5, 1), "finished_on": date(2026, 4, 1)},
            {"finished_on": "完成日期不能早于协议日期。"},
        ),
        (
            {"problems_received": 2, "problems_closed": 3},
            {"problems_closed": "办结诉求数不能多于受理诉求数。"},
        ),
        ({"problems_received": None, "problems_closed": 3}, {}),
        ({"promised_on": date(2027, 1, 1)}, {}),
    ],
)
def test_faults_stand_at_the_field_they_concern(values, wrong):
    assert faults(values, today=TODAY) == wrong


def test_no_problem_received_is_not_all_closed():
    assert closing_rate(0, 0) is None
    assert closing_rate(4, 3) == 0.75


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        (None, date(2024, 1, 1), date(2024, 12, 31)),
        (1, date(2024, 1, 1), date(2024, 3, 31)),
        (2, date(2024, 4, 1), date(2024, 6, 30)),
        (3, date(2024, 7, 1), date(2024, 9, 30)),
        (4, date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_a_quarter_ends_where_the_next_begins(quarter, first, last):
    assert quarter_span(2024, quarter) == (first, last)
    if quarter:
        assert quarter_of(first) == quarter_of(last) == quarter
