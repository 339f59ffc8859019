"""Says what to do instead of `python -m pip`. There is no `__init__.py` beside it, so that a real pip, wherever it is, goes first."""

import sys

sys.exit(
    f"{sys.executable}: No module named pip\n"
    "hint: another Python's pip installs for this one: pip install --target FOLDER PACKAGE; start this one with PYTHONPATH=FOLDER, or "
    "put FOLDER into the executable: adder help packages"
)
