"""The command line: translates words into calls, and results into text and exit codes."""

from grader.cli.app import app, main

__all__ = ["app", "main"]
