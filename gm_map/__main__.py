"""``python -m gm_map``: see `gm_map.cli`."""

import sys

from gm_map.cli import main

if __name__ == "__main__":
    sys.exit(main())
