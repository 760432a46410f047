"""The demo season: 2020 as its report tells it, the last year finished whole, the current year in a stage.

Read `season` first: it walks the years. A year is walked through its stages by the product's own actions, each
at its own moment of the season's `clock`; what happens when stands in the diaries: `filing` (the units),
`screening`, `panels`, `meeting`, `notices`. `last` and `current` say what one year has of its own, `year2020`
is written as rows, for no mark of it was ever published. `data/` holds words (organizations, communities,
projects). The same day and the same data give the same season, but for what is drawn by secret lots.
"""
