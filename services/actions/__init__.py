"""What people do with the log.

The actions ask whether the step is possible now; whether this person may take it, the view has asked before.
"""
