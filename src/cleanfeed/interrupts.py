"""What ends a command from outside; nothing may take it for a fault."""


class Terminated(BaseException):
    """Somebody asked this process to end; it does so by way of everything that has to be cleaned up."""
