"""A folder of the store: on this machine, or wherever fsspec reaches. What is written is there whole or not at all.

On a file system, things are written below ``.staging`` of the same folder and renamed. An object store has no rename of
folders, but an object is there whole or not at all: of a folder, the file that marks it as finished is written last.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

import fsspec
import psutil
from fsspec.implementations.local import LocalFileSystem

from sim.engine.files import replacing, umask
from sim.outcomes import StoreError, store_error

STAGING = ".staging"
NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)
OLD_SECONDS = 7 * 86400.0  # after which what another machine left behind is removed

Writer = Callable[[IO[bytes]], Any]


class Place:
    """A folder by its address: a path, or a URL such as ``s3://bucket/studies``.

    Paths within it are relative, with ``/`` between their parts.

    Attributes:
        address: as it is to be told to other processes: absolute where it is a path.
        folder: on this machine's file system; None elsewhere.

    Raises:
        StoreError: no such kind of address is known here.
    """

    def __init__(self, address: str) -> None:
        try:
            self.fs, self.root = fsspec.core.url_to_fs(address)
        except ImportError as problem:
            raise store_error(
                "use", address, f"{problem}; install that package with gridtown, on all workers"
            ) from None
        except (ValueError, OSError) as problem:
            raise store_error("use", address, str(problem)) from problem
        self.folder = Path(self.root).absolute() if isinstance(self.fs, LocalFileSystem) else None
        self.address = address if self.folder is None else str(self.folder)

    def path(self, *parts: str) -> str:
        """Return the full path of a thing below, as the file system names it."""
        return "/".join((str(self.root).rstrip("/"), *parts))

    def shown(self, *parts: str) -> str:
        """Return the address of a thing below, as a message names it."""
        return "/".join((self.address.rstrip("/"), *parts))

    @contextmanager
    def telling(self, act: str, path: str) -> Iterator[None]:
        """Turn what a file system refuses into an error with place and remedy."""
        try:
            yield
        except (StoreError, FileNotFoundError):
            raise
        except OSError as problem:
            raise store_error(act, self.shown(path), problem) from problem
        # What clients of object stores raise (a wrong key, no such bucket) has no class in common.
        except Exception as problem:
            if self.folder is not None:
                raise
            raise store_error(act, self.shown(path), f"{type(problem).__name__}: {problem}") from problem

    def read(self, path: str) -> bytes:
        """Return a file's content.

        Raises:
            FileNotFoundError: there is none.
            StoreError: it cannot be read.
        """
        with self.telling("read", path):
            if self.folder is not None:
                return (self.folder / path).read_bytes()
            return bytes(self.fs.cat_file(self.path(path)))

    def write(self, path: str, content: bytes) -> None:
        """Write a file, or write over it.

        Raises:
            StoreError: the file system refuses; what was there before is still there.
        """
        with self.telling("write", path):
            if self.folder is None:
                self.fs.pipe_file(self.path(path), content)
                return
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target) as file:
                file.write(content)

    def write_first(self, path: str, content: bytes) -> bytes:
        """Write a file unless there is one, and return what is there now: of several who try at once one wins.

        Raises:
            StoreError: the file system refuses.
        """
        if self.folder is None:
            with self.telling("write", path), contextlib.suppress(FileExistsError):
                # At once where the file system can; elsewhere the last of those who try wins.
                self.fs.pipe_file(self.path(path), content, mode="create")
            return self.read(path)
        with self.telling("write", path), self.staged() as staged:
            aside = staged / "first"
            aside.write_bytes(content)
            try:
                os.link(aside, self.folder / path)
            except FileExistsError:
                pass
            except OSError as problem:
                if problem.errno not in NO_LINKS:
                    raise
                self.write(path, content)  # such a file system has no better way
        return self.read(path)

    def exists(self, path: str) -> bool:
        """Decide whether a file is there."""
        if self.folder is not None:
            return (self.folder / path).exists()
        with self.telling("read", path):
            return bool(self.fs.exists(self.path(path)))

    def holds(self, path: str) -> bool:
        """Decide whether a file is there with some content: an empty one is what a power failure may leave."""
        with self.telling("read", path):
            if self.folder is not None:
                return has_content(f"{self.folder}/{path}")
            try:
                return bool(self.fs.info(self.path(path)).get("size") != 0)
            except (FileNotFoundError, NotADirectoryError):
                return False

    def names(self, path: str) -> list[str]:
        """Return the names of what is in a folder, sorted, temporary files left out; none where there is no folder."""
        with self.telling("read", path):
            try:
                if self.folder is not None:
                    found = os.listdir(self.folder / path)  # noqa: PTH208 (ten times as fast as making paths)
                else:
                    self.fs.invalidate_cache()
                    found = [str(name).rstrip("/").rsplit("/", 1)[-1] for name in self.fs.ls(self.path(path), False)]
            except FileNotFoundError:
                return []
        return sorted(name for name in found if not name.startswith("."))

    def marked(self, path: str, mark: str) -> Iterator[str]:
        """Yield the names of the folders two levels below a path that hold a file ``mark`` with some content."""
        with self.telling("read", path):
            if self.folder is None:
                self.fs.invalidate_cache()
                for found, about in self.fs.find(self.path(path), detail=True).items():
                    *_, name, file = str(found).split("/")
                    if file == mark and about.get("size") != 0:
                        yield name
                return
            for shelf in self.names(path):
                with contextlib.suppress(NotADirectoryError):
                    for name in self.names(f"{path}/{shelf}"):
                        if has_content(f"{self.folder}/{path}/{shelf}/{name}/{mark}"):
                            yield name

    def remove(self, path: str) -> None:
        """Remove a file; none is no fault."""
        with self.telling("write", path), contextlib.suppress(FileNotFoundError):
            if self.folder is not None:
                (self.folder / path).unlink(missing_ok=True)
            elif self.fs.exists(self.path(path)):
                self.fs.rm_file(self.path(path))

    def write_folder(
        self, path: str, files: Mapping[str, Writer], mark: str, whole: Callable[[], bool] | None = None
    ) -> None:
        """Write a folder of files, the file ``mark`` last.

        A folder that is there whole already stays as it is: whoever writes the same run writes the same. It is whole
        when its ``mark`` has content, or as ``whole`` decides.

        Raises:
            StoreError: the file system refuses; nothing is left half written.
        """
        last = {name: files[name] for name in sorted(files, key=lambda name: name == mark)}
        with self.telling("write", path):
            if self.folder is None:
                for name, write in last.items():
                    with self.fs.open(self.path(path, name), "wb") as file:
                        write(file)
                return
            target = self.folder / path
            is_whole = whole or partial(has_content, str(target / mark))
            if is_whole():
                return
            with self.staged() as staged:
                for name, write in last.items():
                    write_through(staged / name, write)
                target.parent.mkdir(parents=True, exist_ok=True)
                put_in_place(staged, target, is_whole)

    @contextmanager
    def staged(self) -> Iterator[Path]:
        """Give a temporary folder on the store's own file system, which vanishes unless it was renamed."""
        assert self.folder is not None  # noqa: S101 (callers have asked)
        parent = self.folder / STAGING
        parent.mkdir(parents=True, exist_ok=True)
        # The name says whose it is, so that it can be removed once that process is gone.
        staged = Path(tempfile.mkdtemp(dir=parent, prefix=f"{socket.gethostname()}~{os.getpid()}~"))
        try:
            # Only the owner may enter a temporary folder; the finished one is as open as any other.
            staged.chmod(0o777 & ~umask())
            yield staged
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what killed processes left half written."""
        if self.folder is None or not (self.folder / STAGING).is_dir():
            return
        for left in (self.folder / STAGING).iterdir():
            host, _, rest = left.name.partition("~")
            pid = rest.partition("~")[0]
            over = False  # also where another process has removed it meanwhile
            if host == socket.gethostname() and pid.isdecimal():
                over = not psutil.pid_exists(int(pid))
            else:
                with contextlib.suppress(OSError):
                    over = time.time() - left.stat().st_mtime > OLD_SECONDS
            if over:
                shutil.rmtree(left, ignore_errors=True)


def has_content(path: str) -> bool:
    """Decide whether a file is there and not empty, as one may be after the power failed."""
    try:
        return os.stat(path).st_size > 0  # noqa: PTH116 (ten times as fast as making a path)
    except (FileNotFoundError, NotADirectoryError):
        return False


def write_through(path: Path, write: Writer) -> None:
    """Write a file down to the disk."""
    with path.open("wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())


def put_in_place(staged: Path, target: Path, whole: Callable[[], bool]) -> None:
    """Give a finished folder its name; what another process has put there meanwhile stays, if it is whole."""
    for _ in range(3):
        try:
            staged.rename(target)
        except OSError as problem:
            if problem.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            if whole():
                return
            # The power failed while it was written, or somebody has removed a part of it.
            with contextlib.suppress(FileNotFoundError):
                target.rename(staged.with_name(f"{staged.name}-damaged"))
                shutil.rmtree(staged.with_name(f"{staged.name}-damaged"), ignore_errors=True)
        else:
            return
    raise store_error("write", target, "something else is in its place, again and again")
