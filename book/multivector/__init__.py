"""Measures, models and charts of a multi-vector foreign policy; no line of it names a case."""
