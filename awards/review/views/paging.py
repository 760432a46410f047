"""Pages of a list whose length is known already."""

from django.core.paginator import Paginator


class CountedPaginator(Paginator):
    """A paginator that does not ask the database what another question has answered."""

    def __init__(self, rows, per_page: int, *, count: int):
        super().__init__(rows, per_page)
        self.count = count
