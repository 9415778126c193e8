"""What a command may tell its user instead of a traceback."""


class InputError(Exception):
    """Bad input: says what is wrong, where, and the remedy. Commands print it and exit with status 2.

    Raised by whoever reads what a person wrote: portals.yaml, options, files named on the command line.
    """
