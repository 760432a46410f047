"""The tree of party organizations from a workbook: previewed, then every unit or none."""
