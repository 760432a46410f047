"""The corridor of a selection round, walked from left to right.

campaign    年度活动      the year: categories, rubric, scoring rule, timetable, places of each unit
nomination  申报          a unit drafts, reviews and submits its work, citing logged activities
screening   资格审查      the office checks eligibility: qualify, return for correction, refuse
panel       评审组与回避  reviewers, seats, recusals, who judges what and why
review      评审打分      queue, score sheet, hand-in; progress without marks until the panel closes
ranking     排名          the rule applied, frozen, published as a record that anyone can recompute
decision    会议审定      the committee's meeting: the list from the ranking, departures with reasons
notice      公示与异议    the public list, working days, objections, rulings
result      结果与文书    announced results, certificates, revocation
appraisal   五型双优      what the year's projects count for each organization
dossier     申报档案      one nomination as a whole, each role in its own cut
dashboard   年度看板      the year in figures, computed from rows
home        首页与待办    the public front page; after log-in what waits for this person

A later stage may import an earlier one, never the reverse; what an early stage must know of a later
one is already in `Nomination.state` (awards/states.py).
"""
