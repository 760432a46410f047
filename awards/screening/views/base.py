"""What the office's lists of one year share."""

from __future__ import annotations

from django.utils.functional import cached_property
from django.views.generic import ListView

from awards.campaign.views.year import YearMixin
from units.roles import Role

READERS = (Role.OFFICE, Role.SUPERVISOR)


class FilteredListView(YearMixin, ListView):
    """A list that a GET form filters and a head sorts.

    form_class: its `apply(queryset)` narrows the rows; orders: parameter → the columns it sorts by.
    """

    form_class = None
    orders: dict[str, tuple[str, ...]] = {}
    paginate_by = 50

    @cached_property
    def form(self):
        return self.form_class(self.request.GET, campaign=self.campaign)

    def rows(self):
        raise NotImplementedError

    def get_queryset(self):
        return self.sorted(self.form.apply(self.rows()) if self.form.is_valid() else self.rows())

    def sorted(self, rows):
        asked = self.request.GET.get("order", "")
        columns = self.orders.get(asked.removeprefix("-"))
        if not columns:
            return rows
        turned = asked.startswith("-")
        return rows.order_by(*(f"-{one}" if turned else one for one in columns))

    def get_context_data(self, **context):
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            campaign=self.campaign,
            form=self.form,
            is_office=self.is_office,
            query=query.urlencode(),
            **context,
        )
