"""Winners of the years before the portal, from a workbook: previewed, then all of them or none.

Of such a year only the outcome is known. Each winner becomes a selected nomination with its title, so that a later
one can be held against it, and a result; there are no dates, texts, marks or places, and none are made up.
"""
