"""What a browser sends of a form that it was shown."""

from django import forms

from units.kit.filled import spelled


def sent_of(*parts) -> dict:
    """Control → text of every box of these forms and formsets, as they stand."""
    data = {}
    for part in parts:
        rows = [part]
        if isinstance(part, forms.BaseFormSet):
            rows = [part.management_form, *part.forms]
        for form in rows:
            for bound in form:
                texts = spelled(bound)
                if texts and not bound.field.disabled:
                    data[bound.html_name] = texts if len(texts) > 1 else texts[0]
    return data


def carried(fill) -> dict:
    """What the form carries of the moment it was opened."""
    return {"version": fill.version, "base": fill.base, "opened": fill.moment}


def sent_back(fill) -> dict:
    """The whole form of a page."""
    return sent_of(*fill.filled.parts) | carried(fill)


def both_texts(fill) -> list[tuple[str, str, str]]:
    """Each box that is asked about: label, their text, mine."""

    def whole(pieces):
        return "".join(piece.text for piece in pieces)

    return [(one.label, whole(one.theirs), whole(one.mine)) for one in fill.asked]


def keeping(side: str, fill) -> dict:
    """The answer that keeps `mine` or `theirs` in every box that is asked about."""
    return {f"answer:{one.name}": one.answers[side] for one in fill.asked}
