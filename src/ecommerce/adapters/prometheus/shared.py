"""Where the workers of one instance keep their numbers, when there are several."""

from typing import Final

DIRECTORY: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names it. prometheus_client reads it where it is imported, so it has to be set
before a worker starts.
"""
