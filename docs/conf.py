"""How the documentation is built."""

from opencdi import __version__

project = "OpenCDI"
author = "The OpenCDI authors"
release = version = __version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "OpenCDI"
html_static_path: list[str] = []
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
nitpicky = True
