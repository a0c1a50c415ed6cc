"""Where Spark keeps step results: a folder of this machine, or a place that a whole cluster reaches."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class Store(Protocol):
    """A scratch place. ``near`` is a local folder for files on their way (None: the system's)."""

    near: Path | None

    def place(self, name: str) -> str:
        """Where a result of that name is to be written."""

    def put(self, path: Path) -> str:
        """A local file or folder as Spark reaches it."""

    def fetched(self, place: str, folder: Path) -> Path:
        """A result as a local folder, brought into ``folder`` where it is elsewhere."""

    def share(self, folder: Path) -> str:
        """A name under which work on executors finds a local folder; see ``shared``."""

    def remove(self, place: str) -> None: ...

    def close(self) -> None:
        """Remove all that was written."""


class LocalStore:
    """A folder that this machine, or every machine under the same path, reaches."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self.near = folder
        self._root = Path(tempfile.mkdtemp(prefix="opencdi-spark-", dir=folder)).resolve()

    def place(self, name: str) -> str:
        return str(self._root / name)

    def put(self, path: Path) -> str:
        return path.resolve().as_uri()

    def fetched(self, place: str, folder: Path) -> Path:
        return Path(place)

    def share(self, folder: Path) -> str:
        return f"path:{folder.resolve()}"

    def remove(self, place: str) -> None:
        shutil.rmtree(place, ignore_errors=True)

    def close(self) -> None:
        shutil.rmtree(self._root, ignore_errors=True)


class RemoteStore:
    """A place on an object store or cluster file system, reached through Hadoop's file systems."""

    near: Path | None = None

    def __init__(self, spark: SparkSession, address: str) -> None:
        self._spark = spark
        self._root = f"{address.rstrip('/')}/opencdi-{uuid4().hex}"
        self._put: dict[Path, str] = {}

    def place(self, name: str) -> str:
        return f"{self._root}/{name}"

    def put(self, path: Path) -> str:
        place = self.place(f"in-{len(self._put)}-{path.name}")
        self._files.copyFromLocalFile(self._path(path.resolve().as_uri()), self._path(place))
        self._put[path] = place
        return place

    def fetched(self, place: str, folder: Path) -> Path:
        target = folder / place.rpartition("/")[2]
        self._files.copyToLocalFile(False, self._path(place), self._path(target.as_uri()), True)
        return target

    def share(self, folder: Path) -> str:
        self._spark.sparkContext.addFile(str(folder), recursive=True)
        return f"file:{folder.name}"

    def remove(self, place: str) -> None:
        self._files.delete(self._path(place), True)

    def close(self) -> None:
        self.remove(self._root)

    @property
    def _files(self) -> Any:
        context: Any = self._spark.sparkContext
        return self._path(self._root).getFileSystem(context._jsc.hadoopConfiguration())

    def _path(self, place: str) -> Any:
        context: Any = self._spark.sparkContext
        return context._jvm.org.apache.hadoop.fs.Path(place)


def store_at(spark: SparkSession, scratch: Path | str | None) -> Store:
    """The store at a local folder or an address with a scheme (``s3a://bucket/scratch``)."""
    if isinstance(scratch, str) and "://" in scratch:
        return RemoteStore(spark, scratch)
    return LocalStore(None if scratch is None else Path(scratch))


def shared(name: str) -> str:
    """On an executor: the folder that ``Store.share`` named; an empty name stays empty."""
    kind, _, rest = name.partition(":")
    if kind == "file":
        from pyspark import SparkFiles

        found: str = SparkFiles.get(rest)
        return found
    return rest
