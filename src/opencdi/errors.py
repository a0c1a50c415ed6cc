"""The one error a person sees."""

from __future__ import annotations


class UserError(Exception):
    """Something the person using OpenCDI can mend.

    Its text is one or two plain sentences: what is wrong, where, and what to do. It never
    quotes a narrative, a name or an address. It is rendered once, by ``opencdi.cli.main``,
    which ends with exit code 2.
    """
