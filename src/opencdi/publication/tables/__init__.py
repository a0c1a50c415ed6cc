"""The tables of a release: tidy CSV with its metadata, accessible workbooks, and the changelog.

Every column stands once, in ``columns.py``; files, metadata and documents are derived from it.
"""
