"""Templates as compiled before, beside Python's own compiled modules: a night need not compile them again."""

from __future__ import annotations

import marshal
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

from opencdi.storage import keep_instead

FOLDER = Path(__file__).parent / "templates" / "__pycache__"


class KeptTemplates(BytecodeCache):
    """One file a template, named after what it was made from and by. Where the folder may not be written to,
    templates are compiled each time."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            kept = _place(bucket).read_bytes()
            if kept.startswith(MAGIC_NUMBER):
                bucket.code = marshal.loads(kept[len(MAGIC_NUMBER) :])
        except (OSError, ValueError, EOFError, TypeError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        keep_instead(_place(bucket), MAGIC_NUMBER + marshal.dumps(bucket.code), f"{bucket.key}-*.bin")


def _place(bucket: Bucket) -> Path:
    return FOLDER / f"{bucket.key}-{bucket.checksum[:16]}-{jinja2.__version__}-{MAGIC_NUMBER.hex()}.bin"
