"""Grading files of answers: JSONL, CSV or TSV in, one JSON record for each row out, streaming."""

from grader.batch.output import whole_or_nothing
from grader.batch.rows import Format, Row, format_of, read_rows
from grader.batch.run import Tally, grade_rows, run_batch

__all__ = ["Format", "Row", "Tally", "format_of", "grade_rows", "read_rows", "run_batch", "whole_or_nothing"]
