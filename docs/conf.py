"""How `make docs` turns this folder into pages: every warning, a broken link first of all, is an error there."""

project = "Portal auditor"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "Portal auditor"
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
