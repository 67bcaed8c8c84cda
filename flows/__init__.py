"""Where the stages become Prefect flows, and the command line.

Importing it tells Arrow, before it is loaded, where to have its memory from (tasks.freeing).
"""

import os

from tasks.freeing import ARROW

for _name, _value in ARROW.items():
    os.environ.setdefault(_name, _value)
