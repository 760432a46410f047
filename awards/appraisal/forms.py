"""What the list of points is narrowed by."""

from units.folding import sought, sought_words
from units.kit.lists import ListFilter, words


class AppraisalFilter(ListFilter):
    q = words("党组织")

    def among(self, lines: list) -> list:
        """The lines of organizations that bear every word; they are made in Python, not asked of the database."""
        asked = sought_words(self.form.cleaned_data.get("q", "")) if self.form.is_valid() else []
        return [
            line
            for line in lines
            if all(word in sought(line.unit.name) or word in sought(line.unit.short_name) for word in asked)
        ]
