"""When a new key may sign, and how long the list of keys may be kept: the one has to wait for the
other.
"""

from datetime import timedelta
from typing import Final

KEYS_KEPT_FOR: Final = timedelta(minutes=5)
"""How long those who check tokens themselves may keep the list of keys."""

LEAD: Final = KEYS_KEPT_FOR + timedelta(seconds=30)
"""How long a new key is listed before it signs: by then every process has looked at the ring's
file, and whatever list was taken before that is too old.
"""
