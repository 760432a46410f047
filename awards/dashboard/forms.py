"""What the rows behind a figure are narrowed by."""

from units.kit.lists import ListFilter, words


class FigureFilter(ListFilter):
    q = words("关键词")
