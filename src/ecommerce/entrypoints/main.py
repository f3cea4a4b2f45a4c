"""The command ``ecommerce``, as it is installed."""

import signal


def main() -> None:
    """Load the command line and run it. Ctrl-C meanwhile ends it without a word: nothing has begun.

    Workers import this module as well, and have no use for the rest.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from ecommerce.entrypoints import cli

    signal.signal(signal.SIGINT, before)
    cli.main()
