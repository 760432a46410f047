"""Paper and spreadsheet work that every app shares; nothing here knows a model.

values       one cell or text: cleaning, and reading what people type into Excel
workbook     Excel out: every list the portal exports
intake       Excel in: a messy sheet to clean rows, or to a list of what is wrong in it
template     the empty sheet offered beside each import
document     Word out: an official paper, built part by part
layout       its page, fonts and styles (GB/T 9704)
tables       its tables and forms
typesetting  the arithmetic of its page: numbers, line breaks, indents
"""
