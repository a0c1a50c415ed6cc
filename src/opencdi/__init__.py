"""OpenCDI audits crime recording: which reports should have become crimes, and did they?"""

from importlib.metadata import version

__version__ = version("opencdi")
