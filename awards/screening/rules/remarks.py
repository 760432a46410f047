"""Where the unit finds what a remark is about: the part of the form that a question of the checklist opens."""

PART_OF_CHECK: dict[str, str] = {
    "unit": "basics",
    "year": "started_on",
    "quota": "basics",
    "repeat": "basics",
    "form": "basics",
    "seal": "sealed",
    "evidence": "claims",
    "records": "evidence",
    "unit_notice": "pledges",
    "veto": "pledges",
    "secrets": "body",
    "blind": "attachments",
    "legality": "document_number",
    "milestones": "investment_done",
}
