"""Which modules a piece of code loads."""

import subprocess
import sys
from pathlib import Path


def modules_after(code: str) -> set[str]:
    """Run code in a fresh interpreter; return the names of the modules that it loaded."""
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return set(done.stdout.splitlines())
