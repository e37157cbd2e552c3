"""Bulk entry: measures, priorities, indicators and values from tables, and the same tables given back."""
