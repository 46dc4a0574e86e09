"""How often a process that reads files looks for objects that only refer to each other."""

import gc

_NEW_OBJECTS = 10_000


def collect_seldom() -> None:
    """Have this process look after 10,000 new objects, not after 700.

    Reading a page makes some thousand objects that stay and next to none that refer to each other,
    so looking took a twentieth of the time. What is there already is not looked at again.
    """
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
