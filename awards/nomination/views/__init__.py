"""The unit's pages of a nomination: list, form, records, partners, files, submission."""
