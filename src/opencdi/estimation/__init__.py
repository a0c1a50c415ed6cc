"""Judged random samples become rates with intervals.

Pure mathematics: arrays and frozen dataclasses in, frozen dataclasses out; no file, database or web.
One file a method, one paper a method. Arrays whose last axis is the incidents of one sample may
carry leading axes (replicates of a simulation): the study measures the very functions an audit uses.
"""
