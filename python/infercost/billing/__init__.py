"""Reads billing exports into charges: one table, whatever the format (see `bill.read_bill`)."""
