"""Where the stages become Prefect flows, and the command line."""

import os

from tasks.freeing import ARROW

for _name, _value in ARROW.items():
    os.environ.setdefault(_name, _value)
