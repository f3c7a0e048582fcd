"""`python -m anagen` is `anagen`."""

from __future__ import annotations

import sys

from anagen.cli import main

sys.exit(main())
