"""The process that takes runs and keeps the schedule."""
