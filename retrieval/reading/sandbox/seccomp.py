"""
Seccomp: a filter of the system calls that no reader of documents needs.

It denies connections, other processes, namespaces and mounts, the attributes of files (which Landlock leaves open) and
the kernel's own settings. See https://docs.kernel.org/userspace-api/seccomp_filter.html, include/uapi/linux/filter.h
and seccomp.h for the numbers. libseccomp would write the filter, but is not on every machine.
"""

from __future__ import annotations

import errno
import os
import struct
from ctypes import addressof, create_string_buffer
from typing import Final

from retrieval.reading.sandbox.system_call import prctl

_SET_SECCOMP, _MODE_FILTER = 22, 2  # linux/prctl.h, linux/seccomp.h
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
# Instructions of the classic Berkeley packet filter: load a word, compare it with a constant, end with a constant.
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT = 0x15, 0x35, 0x45
# Offsets in struct seccomp_data; of each argument its lower half, on a little-endian machine.
_NUMBER, _ARCHITECTURE = 0, 4
_ARGUMENTS = 16, 24, 32
_X32 = 0x40000000  # numbers of the third way into x86-64, which repeat the others
_NEW_NAMESPACES = 0x7E020000  # CLONE_NEW…
_UNIX, _STREAM, _KINDS = 1, 1, 0xF  # of sockets
_ABSENT: Final = 0xFFFFFFFF  # the number of no call

# linux/audit.h; the column in the table below.
_MACHINES: Final = {"x86_64": (0xC000003E, 1), "aarch64": (0xC00000B7, 2)}
# A name, its number on x86_64 and on aarch64, "-" where it has none.
_TABLE: Final = """
connect 42 203
io_uring_setup 425 425
io_uring_enter 426 426
io_uring_register 427 427

ptrace 101 117
process_vm_readv 310 270
process_vm_writev 311 271
process_madvise 440 440
process_mrelease 448 448
pidfd_open 434 434
pidfd_getfd 438 438
pidfd_send_signal 424 424
kcmp 312 272
setpriority 141 140
ioprio_set 251 30
sched_setaffinity 203 122
sched_setscheduler 144 119
sched_setparam 142 118
sched_setattr 314 274
migrate_pages 256 238
move_pages 279 239
shmget 29 194
shmat 30 196
semget 64 190
msgget 68 186
mq_open 240 180
mq_unlink 241 181

unshare 272 97
setns 308 268
mount 165 40
umount2 166 39
pivot_root 155 41
chroot 161 51
open_tree 428 428
move_mount 429 429
fsopen 430 430
fsconfig 431 431
fsmount 432 432
fspick 433 433
mount_setattr 442 442
open_tree_attr 467 467

truncate 76 45
chmod 90 -
fchmod 91 52
fchmodat 268 53
fchmodat2 452 452
chown 92 -
fchown 93 55
lchown 94 -
fchownat 260 54
utime 132 -
utimes 235 -
futimesat 261 -
utimensat 280 88
setxattr 188 5
lsetxattr 189 6
fsetxattr 190 7
setxattrat 463 463
removexattr 197 14
lremovexattr 198 15
fremovexattr 199 16
removexattrat 466 466
file_setattr 469 469
name_to_handle_at 303 264
open_by_handle_at 304 265
fanotify_init 300 262

acct 163 89
add_key 248 217
adjtimex 159 171
bpf 321 280
clock_adjtime 305 266
clock_settime 227 112
delete_module 176 106
finit_module 313 273
init_module 175 105
ioperm 173 -
iopl 172 -
kexec_file_load 320 294
kexec_load 246 104
keyctl 250 219
perf_event_open 298 241
quotactl 179 60
quotactl_fd 443 443
reboot 169 142
request_key 249 218
setdomainname 171 162
sethostname 170 161
settimeofday 164 170
swapoff 168 225
swapon 167 224
syslog 103 116
userfaultfd 323 282
vhangup 153 58
"""
# Judged by their arguments; clone3 has them in memory, where a filter cannot look, and programs fall back to clone.
_JUDGED: Final = {
    "access": (21, _ABSENT), "clone": (56, 220), "clone3": (435, 435), "faccessat": (269, 48), "faccessat2": (439, 439),
    "prlimit64": (302, 261), "socket": (41, 198), "socketpair": (53, 199),
}  # fmt: skip


def is_filterable() -> bool:
    """Whether the numbers of this machine's system calls are known."""
    return os.uname().machine in _MACHINES


def install_filter() -> None:
    """Filter the calls of this thread and of what it starts, or OSError; see `is_filterable`."""
    program = create_string_buffer(_program(*_MACHINES[os.uname().machine]))
    prctl(_SET_SECCOMP, _MODE_FILTER, struct.pack("@HP", len(program.raw) // 8, addressof(program)))


def _program(architecture: int, column: int) -> bytes:
    judged = {name: numbers[column - 1] for name, numbers in _JUDGED.items()}
    deny, allow = _end(_ERRNO | errno.EPERM), _end(_ALLOW)
    return b"".join(
        [
            _load(_ARCHITECTURE),
            _jump(_IF_EQUAL, architecture, skip=1),
            deny,
            _load(_NUMBER),
            *([_jump(_IF_AT_LEAST, _X32, otherwise=1), deny] if column == 1 else []),
            _jump(_IF_EQUAL, judged["clone3"], otherwise=1),
            _end(_ERRNO | errno.ENOSYS),
            *(part for name in ("access", "faccessat", "faccessat2") for part in _judge(judged[name], _writable(name))),
            *_judge(judged["clone"], [_load(_ARGUMENTS[0]), _jump(_IF_ANY_BIT, _NEW_NAMESPACES, otherwise=1), deny]),
            *_judge(judged["prlimit64"], [_load(_ARGUMENTS[0]), _jump(_IF_EQUAL, 0, skip=1), deny]),
            *(part for name in ("socket", "socketpair") for part in _judge(judged[name], _streams(deny))),
            *(part for number in _denied(column) for part in (_jump(_IF_EQUAL, number, otherwise=1), deny)),
            allow,
        ]
    )


def _writable(name: str) -> list[bytes]:
    """
    Say of no file that it may be written.

    Landlock's limits are not asked here, and LibreOffice insists on a socket in /tmp as long as that seems writable.
    """
    mode = _ARGUMENTS[1 if name == "access" else 2]
    return [_load(mode), _jump(_IF_EQUAL, os.W_OK, otherwise=1), _end(_ERRNO | errno.EACCES)]


def _streams(deny: bytes) -> list[bytes]:
    """Deny all but local streams: LibreOffice opens one, to which nothing can connect."""
    return [
        _load(_ARGUMENTS[0]),
        _jump(_IF_EQUAL, _UNIX, skip=1),
        deny,
        _load(_ARGUMENTS[1]),
        _instruction(_AND, 0, 0, _KINDS),
        _jump(_IF_EQUAL, _STREAM, skip=1),
        deny,
    ]


def _judge(number: int, denial: list[bytes]) -> list[bytes]:
    """Apply a denial to one system call, which is allowed otherwise."""
    return [_jump(_IF_EQUAL, number, otherwise=len(denial) + 1), *denial, _end(_ALLOW)]


def _denied(column: int) -> list[int]:
    numbers = [line.split()[column] for line in _TABLE.splitlines() if line]
    return [int(number) for number in numbers if number != "-"]


def _load(offset: int) -> bytes:
    return _instruction(_LOAD, 0, 0, offset)


def _jump(test: int, constant: int, *, skip: int = 0, otherwise: int = 0) -> bytes:
    """Skip so many instructions if the word passes the test, and so many otherwise."""
    return _instruction(test, skip, otherwise, constant)


def _end(verdict: int) -> bytes:
    return _instruction(_RETURN, 0, 0, verdict)


def _instruction(code: int, skip: int, otherwise: int, constant: int) -> bytes:
    return struct.pack("=HBBI", code, skip, otherwise, constant)
