"""How a process that serves ends."""

from types import FrameType

import uvicorn
from typing_extensions import override


class UnhurriedServer(uvicorn.Server):
    """Ends once, however often it is told to.

    The end has a bound of its own. To be told again, as by somebody who presses Ctrl-C twice, must
    not break off what saves the mail, the counts and the log that are still held.
    """

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            super().handle_exit(sig, frame)
