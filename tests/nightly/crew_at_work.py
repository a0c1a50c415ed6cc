"""What the processes of the crew tests do: double a number, or end."""

from __future__ import annotations

import json
import os
import sys


def double() -> None:
    for line in sys.stdin:
        task = json.loads(line)
        if task["number"] == 99:
            print("half an ans", flush=True)
            continue
        if task["number"] < 0:
            os._exit(-task["number"])
        print(json.dumps({"doubled": 2 * task["number"], "process": os.getpid()}), flush=True)
