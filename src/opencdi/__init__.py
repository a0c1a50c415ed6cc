"""OpenCDI audits crime recording: which reports should have become crimes, and did they?"""

__version__ = "0.1.0"
