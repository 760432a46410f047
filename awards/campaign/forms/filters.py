"""What lists of a year are narrowed by."""

from units.kit.lists import ListFilter, choice


class CategoryFilter(ListFilter):
    """Begins with the year's categories; a list of something else says where its category is."""

    category = choice("类别", field_name="category__letter")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        categories = self.request.campaign.categories.all()
        self.offer("category", [(category.letter, category.name) for category in categories])
