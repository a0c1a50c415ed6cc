"""The published bundle of one sample: what was fixed, the seed, who was drawn, what was found.

Everything in it is plain CSV and JSON, and every hash in it is the ``sha256sum`` of a file, so that
a sceptic needs nothing of OpenCDI to check it.
"""

from opencdi.bundle.draw import Drawn, draw_sample
from opencdi.bundle.files import Bundle
from opencdi.bundle.freeze import Frozen, freeze

__all__ = ["Bundle", "Drawn", "Frozen", "draw_sample", "freeze"]
