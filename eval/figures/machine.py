"""The machine that figures were measured on, in words."""

import os
import platform
from pathlib import Path


def machine() -> str:
    """Return processor, cores and system, such as `AMD EPYC 7763, 2 cores, Linux x86_64`."""
    cores = os.cpu_count() or 1
    counted = f"{cores} core{'s' if cores > 1 else ''}"
    return f"{_processor()}, {counted}, {platform.system()} {platform.machine()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not Linux
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"
