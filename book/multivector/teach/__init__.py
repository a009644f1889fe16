"""A chapter as a lesson: a plan, slides, a handout, solutions, and the notebook twice.

All of it is made from what the build left of the chapter, so that nothing is kept twice.
``lesson`` reads the built page, ``folder`` makes the files.
"""

from .folder import files, without_solutions
from .lesson import Lesson, Question, Slide, lesson, written

__all__ = [
    "Lesson",
    "Question",
    "Slide",
    "files",
    "lesson",
    "without_solutions",
    "written",
]
