"""What a worker process cannot do, whatever a file makes it do: Landlock and seccomp, on Linux."""

import errno
import inspect
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import landlockpy
import seccompy
from landlockpy import AccessFS, Ruleset, Scope

from corpus.errors import CitewellError

_READ = AccessFS.READ_FILE | AccessFS.READ_DIR
# No links, pipes or devices: what the parent finds in the folder is what it was asked for.
_WRITE = (
    AccessFS.WRITE_FILE
    | AccessFS.TRUNCATE
    | AccessFS.MAKE_REG
    | AccessFS.MAKE_DIR
    | AccessFS.REMOVE_FILE
    | AccessFS.REMOVE_DIR
)
_NOBODY = "nobody"
_NO_LANDLOCK = "this system has no Landlock"
_NO_SECCOMP = "this system has no seccomp"
_SYSTEM = (
    "/usr/lib",
    "/usr/lib64",
    "/usr/share",
    "/usr/local/lib",
    "/usr/local/share/fonts",
    "/usr/local/share/tessdata",
    "/lib",
    "/lib64",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    "/dev/urandom",
    "/sys/devices/system/cpu",
)
_KEPT_VARIABLES = ("PATH", "LANG", "LC_", "TZ", "PYTHON", "TESSDATA_PREFIX", "OMP_", "TOKENIZERS_")
# Sockets, whatever their family, and the ways round a filter on them; rights, owners and times of
# files, which Landlock leaves alone; and what acts on other processes or on the kernel.
_REFUSED_CALLS = (
    "socket io_uring_setup io_uring_enter io_uring_register "
    "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat "
    "setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat "
    "ptrace process_vm_readv process_vm_writev pidfd_getfd pidfd_send_signal process_madvise kcmp "
    "mount umount2 move_mount open_tree fsopen fsmount fspick mount_setattr pivot_root chroot "
    "unshare setns bpf perf_event_open userfaultfd keyctl add_key request_key "
    "init_module finit_module delete_module kexec_load kexec_file_load reboot "
    "shmget shmat msgget semget mq_open"
).split()
_X32_CALL = 0x40000000
_TERMINAL_INPUT = (0x5412, 0x541C)  # ioctls that type into the terminal: TIOCSTI, TIOCLINUX


@dataclass(frozen=True, slots=True)
class Confinement:
    """What is in force in a worker process. `user` is whose rights it has where root started it."""

    files: bool = False
    network: bool = False
    user: str | None = None
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it in words: "no network, no files but …"."""
        held = [
            "no network" if self.network else "",
            "no file but installed programs and a folder of its own" if self.files else "",
            f"as user {self.user}" if self.user else "",
        ]
        words = ", ".join(filter(None, held)) or "limits of time and memory only"
        return f"{words} ({'; '.join(self.missing)})" if self.missing else words


def confine(folder: Path, readable: Iterable[Path] = ()) -> Confinement:
    """Confine this process for good, as far as the system can, and return how far that is.

    It may read what is installed and `readable`, read and write in `folder`, and nothing else; it
    may open no socket; it has the rights of `nobody` where it had root's. Call it before the
    process has a second thread: Landlock holds for the thread that asks for it and those that it
    starts.
    """
    _forget_variables(folder)
    granted = dict.fromkeys((*_installed(), *readable), _READ)
    granted |= _programs() | {Path("/dev/null"): _READ | AccessFS.WRITE_FILE}
    granted[folder] = _READ | _WRITE
    missing: list[str] = []
    user = _become_nobody([*granted, folder], missing)
    files = _confine_files(granted, missing)
    network = _confine_calls(missing)
    return Confinement(files, network, user, tuple(missing))


def unconfined() -> str | None:
    """Return why this system cannot confine worker processes, or cannot wholly; None if it can."""
    kinds = ((_NO_LANDLOCK, landlockpy.supported()), (_NO_SECCOMP, seccompy.supported()))
    return "; ".join(reason for reason, supported in kinds if not supported) or None


def share_with_workers(folder: Path) -> None:
    """Give a folder to the user that workers run as, where root starts them."""
    nobody = _nobody()
    if nobody is not None:
        os.chown(folder, *nobody)


def _forget_variables(folder: Path) -> None:
    """Keep passwords and keys of the environment from what reads files."""
    for name in list(os.environ):
        if not name.startswith(_KEPT_VARIABLES):
            del os.environ[name]
    os.environ["TMPDIR"] = os.environ["HOME"] = tempfile.tempdir = str(folder)


def _installed() -> list[Path]:
    """Return the folders of Python, of the packages that are installed, and of citewell."""
    own = [inspect.getfile(CitewellError), __file__]
    rooms = [Path(own[0]).parent, Path(own[1]).parents[1]]
    python = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    python += [f"{prefix}/lib" for prefix in (sys.prefix, sys.base_prefix)]
    # Not the folder of a checkout, or one that is worked in: a home may lie there.
    installations = [
        path
        for path in map(Path, filter(None, sys.path))
        if path.is_file() or any(path.glob("*.dist-info"))
    ]
    return [*rooms, *installations, *_existing(*python, *_SYSTEM)]


def _programs() -> dict[Path, AccessFS]:
    """Return what may be run: Tesseract, with the system's loader of programs."""
    program = shutil.which("tesseract")
    if program is None:
        return {}
    found = _existing("/lib", "/lib64", "/usr/lib", "/usr/lib64")
    granted = dict.fromkeys([*found, Path(program).resolve()], _READ | AccessFS.EXECUTE)
    data = _existing(os.environ.get("TESSDATA_PREFIX", ""))
    return granted | dict.fromkeys(data, _READ)


def _existing(*paths: str) -> list[Path]:
    return [Path(path) for path in paths if path and Path(path).exists()]


def _nobody() -> tuple[int, int] | None:
    """Return user and group of `nobody`, where this process is root's."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    try:
        found = pwd.getpwnam(_NOBODY)
    except KeyError:
        return None
    return found.pw_uid, found.pw_gid


def _become_nobody(paths: Iterable[Path], missing: list[str]) -> str | None:
    nobody = _nobody()
    if nobody is None:
        return None
    os.seteuid(nobody[0])
    barred = [path for path in paths if not os.access(path, os.R_OK, effective_ids=True)]
    os.seteuid(0)
    if barred:
        missing.append(f"with root's rights: {_NOBODY} may not read {barred[0]}")
        return None
    os.setgroups([])
    os.setgid(nobody[1])
    os.setuid(nobody[0])
    return _NOBODY


def _confine_files(granted: dict[Path, AccessFS], missing: list[str]) -> bool:
    try:
        if not landlockpy.supported():
            missing.append(_NO_LANDLOCK)
            return False
        if threads := _threads() - 1:
            missing.append(f"{threads} threads began before it was confined")
        everything = Scope.SIGNAL | Scope.ABSTRACT_UNIX_SOCKET
        with Ruleset(scoped=everything) as rules:
            for path, access in granted.items():
                rules.allow_path(path, access if path.is_dir() else access & ~_OF_FOLDERS)
            rules.restrict()
    except OSError as error:
        missing.append(f"Landlock failed: {error}")
        return False
    return True


_OF_FOLDERS = _WRITE & ~(AccessFS.WRITE_FILE | AccessFS.TRUNCATE) | AccessFS.READ_DIR


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _confine_calls(missing: list[str]) -> bool:
    try:
        if not seccompy.supported():
            missing.append(_NO_SECCOMP)
            return False
        rules = seccompy.Filter(flags=seccompy.FilterFlag.TSYNC)
        for name in _REFUSED_CALLS:
            _refuse(rules, name)
        for request in _TERMINAL_INPUT:
            masked = seccompy.ArgCmp(1, seccompy.CmpOp.MASKED_EQ, request, mask=0xFFFFFFFF)
            rules.errno("ioctl", errno.EPERM, args=[masked])
        rules.load()
    except OSError as error:  # seccompy's own errors too, as of a machine it does not know
        missing.append(f"seccomp failed: {error}")
        return False
    return True


def _refuse(rules: seccompy.Filter, name: str) -> None:
    """Have a system call fail, under its number of the x32 kind too; passing by those unknown."""
    try:
        number = seccompy.syscall_nr(name)
    except ValueError:  # this kind of machine has no such call
        return
    rules.errno(number, errno.EPERM)
    if seccompy.arch() == "x86_64":
        rules.errno(number | _X32_CALL, errno.EPERM)
