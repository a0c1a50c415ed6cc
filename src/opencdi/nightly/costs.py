"""What a piece of work costs this process: seconds by the clock and of processor, and memory at its most."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROCESS = Path("/proc/self")


@dataclass(frozen=True)
class Cost:
    """``processor_seconds`` are those of this process and of the children it has waited for; ``peak_bytes``
    is the most memory this process held meanwhile (where the system does not say: since it began)."""

    step: str
    seconds: float
    processor_seconds: float
    peak_bytes: int


def measured(step: str, work: Callable[[], object]) -> Cost:
    """Do the work and say what it cost."""
    _forget_peak()
    began, processor = time.perf_counter(), _processor_seconds()
    work()
    return Cost(
        step,
        round(time.perf_counter() - began, 3),
        round(_processor_seconds() - processor, 3),
        _peak_bytes(),
    )


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _forget_peak() -> None:
    """Linux counts the peak anew from here on when told so (``man 5 proc``, clear_refs)."""
    with suppress(OSError):
        (_PROCESS / "clear_refs").write_text("5")


def _peak_bytes() -> int:
    with suppress(OSError):
        for line in (_PROCESS / "status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return 1024 * int(line.split()[1])
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
