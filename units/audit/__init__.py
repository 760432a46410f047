"""The audit log: who did what, appended by every action, linked by hash, read by the auditor alone."""
