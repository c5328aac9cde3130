"""Grades what people type in their own words."""
