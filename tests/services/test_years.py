"""A year's cut-off: its figures stand still, what changes later stands in the addendum."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from services.actions.bulk import return_rows
from services.actions.years import close_year
from services.models.activities import Activity
from services.models.years import ClosedYear
from services.queries import Totals
from tests.factories.services import ActivityFactory
from tests.factories.units import (
    CommitteeFactory,
    OfficeFactory,
    SecretaryFactory,
    SupervisorFactory,
    UnitFactory,
)
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.errors import Refused

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
DAY = date(YEAR, 1, 1)
TOTALS = reverse("services:totals")


def done(unit, **values):
    return ActivityFactory(unit=unit, reviewed=True, happened_on=DAY, **values)


def test_a_closed_year_keeps_its_figures_and_lists_what_changed_since(client, cost):
    first, second, third = (UnitFactory(short_name=name) for name in ("甲局", "乙局", "丙局"))
    done(first, attendance=10)
    taken_back = done(second, attendance=4, hours="1.5")
    done(third, attendance=7)
    office = OfficeFactory()
    closed = close_year(CommitteeFactory(), YEAR, actor=office)

    done(first, attendance=5, joint_with=[third])
    return_rows(Activity.objects.filter(pk=taken_back.pk), reason="核实", actor=office)

    client.force_login(office)
    client.get(TOTALS)
    with cost() as spent:
        page = client.get(TOTALS)
    assert spent.queries <= 12
    rows = {line.unit.short_name: (line.events, line.attendance) for line in page.context["rows"]}
    assert rows == {"甲局": (1, 10), "乙局": (1, 4), "丙局": (1, 7)}
    assert page.context["whole"] == Totals.from_figures(closed.figures)
    assert page.context["whole"].events == 3
    since = {
        line.unit.short_name: (line.events, line.attendance, line.hours) for line in page.context["addendum"]
    }
    assert since == {"甲局": (1, 5, 0), "乙局": (-1, -4, Decimal("-1.5")), "丙局": (1, 5, 0)}


def test_a_unit_reads_its_own_frozen_line_and_its_own_changes(client):
    unit = UnitFactory()
    done(unit, attendance=3)
    done(UnitFactory())
    close_year(CommitteeFactory(), YEAR, actor=None)
    done(unit, attendance=2)
    client.force_login(SecretaryFactory(unit=unit))

    page = client.get(TOTALS)

    assert [line.attendance for line in page.context["rows"]] == [3]
    assert page.context["whole"].attendance == 3
    assert [line.attendance for line in page.context["addendum"]] == [2]
    assert "截止统计…" not in page.content.decode()


def test_the_export_has_the_addendum_on_a_sheet_of_its_own(client):
    unit = UnitFactory(short_name="甲局")
    done(unit)
    close_year(CommitteeFactory(), YEAR, actor=None)
    done(unit)
    client.force_login(OfficeFactory())

    book = load_workbook(BytesIO(client.get(reverse("services:totals-export")).content))

    assert book.sheetnames == ["按单位", "补遗"]
    assert any(cell.value == "甲局" for row in book["补遗"].iter_rows() for cell in row)


def test_a_year_is_closed_once_by_its_office_after_being_asked(client):
    done(UnitFactory())
    url = f"{reverse('services:close-year')}?year={YEAR}"
    for who in (SecretaryFactory(), SupervisorFactory()):
        client.force_login(who)
        assert client.post(url).status_code == 403
    client.force_login(OfficeFactory())
    assert "1场次" in client.get(url).content.decode()
    assert not ClosedYear.objects.exists()

    client.post(url)
    again = client.post(url, follow=True)

    assert "已经截止" in again.content.decode()
    assert ClosedYear.objects.count() == AuditEntry.objects.filter(event=Event.YEAR_CLOSED).count() == 1
    assert client.get(f"{reverse('services:close-year')}?year=1999").status_code == 404
    with pytest.raises(Refused, match="没有开始"):
        close_year(CommitteeFactory(), YEAR + 1, actor=None)
