"""The demo season: a finished 2020, whose figures are those of the public report, and a year in review.

`data/` holds words (organizations, communities, projects), the other modules turn them into rows. The rows
are written in bulk where there are many; what an action of the product does well enough is done by it. The
same day and the same data always give the same season.
"""
