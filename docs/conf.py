"""Sphinx configuration: MyST pages, reference from the docstrings, examples run by sphinx-gallery. Nothing is fetched."""

import importlib.metadata
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "erlangen"
author = "The erlangen developers"
project_copyright = "2026, the erlangen developers"
release = importlib.metadata.version("erlangen")
version = release

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_gallery.gen_gallery",
    "commands",
    "mathml",
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build", "examples", "**/README.txt"]
suppress_warnings = ["config.cache", "ref.python"]  # the n of "ndarray (n,)" is no name to be looked up

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "amsmath"]
myst_heading_anchors = 3

autosummary_generate = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_param = False
napoleon_use_rtype = False
napoleon_use_ivar = True  # fields of named tuples are members already

html_math_renderer = "mathml"

sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "auto_examples",
    "filename_pattern": r"plot_",
    "download_all_examples": False,
    "remove_config_comments": True,
    "show_memory": False,
    "abort_on_example_error": True,
}

html_theme = "furo"
html_title = "erlangen"
html_static_path = ["_static"]
html_css_files = ["math.css"]
html_copy_source = False

warnings.filterwarnings("ignore", category=DeprecationWarning, module="sphinx")


def _skip(app, what, name, obj, skip, options):
    """Leave out the setters of metadata routing that scikit-learn writes, whose text refers to pages of its own."""
    return True if name.startswith("set_") and name.endswith("_request") else None


def setup(app):
    app.connect("autodoc-skip-member", _skip)
