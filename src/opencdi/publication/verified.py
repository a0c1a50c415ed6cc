"""Verifying audits before anything of them is published; what was verified before and has not changed is not
verified again.

The list of verified bundles is kept in the site's own folder, which only whoever publishes writes, and not
beside the audit, where it could be forged with it.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from opencdi import __version__
from opencdi.bundle import Bundle
from opencdi.bundle.files import sha256_of
from opencdi.bundle.verify import verify
from opencdi.errors import UserError

FEW = 4
"""Audits up to which starting more processes would cost more than it saves."""


def bundle_of(folder: Path) -> Bundle:
    """The bundle of an audit's folder, or the folder itself where it holds a published bundle alone."""
    return Bundle(folder / "sample" if (folder / "sample").is_dir() else folder)


def digest_of(bundle: Bundle) -> str:
    """One hash over every file of a bundle and the version of OpenCDI that checks it.

    Raises ``UserError`` where there are no rates.
    """
    if not bundle.rates.exists():
        raise UserError(f"There is no {bundle.rates}. Estimate the audit before publishing it.")
    files = (
        bundle.frame,
        bundle.design,
        bundle.seed,
        bundle.sample,
        bundle.verdicts,
        bundle.rates,
        bundle.ledger,
    )
    parts = [f"{path.name} {sha256_of(path) if path.exists() else 'none'}" for path in files]
    return hashlib.sha256("\n".join([__version__, *parts]).encode()).hexdigest()


def refuse_unverified(folder: Path) -> None:
    """Raises ``UserError`` naming the audit and the first check of its bundle that fails."""
    failed = next((check for check in verify(bundle_of(folder)) if not check.holds), None)
    if failed is not None:
        raise UserError(
            f"The audit in {folder} fails verification and is not published: {failed.name}: "
            f"{failed.problem or failed.unmade} "
            f"Run `opencdi verify {folder}` to see every check."
        )


def verify_all(
    folders: Sequence[Path], before: Collection[str], progress: Callable[[str], None] = lambda _: None
) -> list[str]:
    """Verify every audit that ``before`` does not hold; give the digests of all. Uses every core for many."""
    digests = [digest_of(bundle_of(folder)) for folder in folders]
    new = [folder for folder, digest in zip(folders, digests, strict=True) if digest not in before]
    if len(new) <= FEW:
        for folder in new:
            progress(folder.name)
            refuse_unverified(folder)
        return digests
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        for folder, _ in zip(new, pool.map(refuse_unverified, new), strict=True):
            progress(folder.name)
    return digests
