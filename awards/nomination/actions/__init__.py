"""What people do with a nomination until the office has it.

They ask whether the step is possible now; whether this person may take it, the view has asked before.
"""
