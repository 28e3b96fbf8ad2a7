"""Runs a program so that it ends with its parent: `python tether.py PARENT_PID READ_FD WRITE_FD PROGRAM [ARGUMENT]...`

A program of its own, and not code between fork and exec: there, only what is safe in every threaded parent may run.
READ_FD and WRITE_FD become descriptors 3 and 4, where Chromium looks for its pipes. On Linux the kernel then kills the
program when its parent dies, however it dies; elsewhere the end of the pipe has to do. To Linux the parent
is a thread: it must live as long as the program is wanted, as the one that runs the event loop does.
"""

import ctypes
import fcntl
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become PROGRAM."""
    parent, read_fd, write_fd = (int(number) for number in arguments[:3])
    program = arguments[3:]
    # Out of the way first: one of the two may be 3 or 4 already.
    read_fd, write_fd = (fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in (read_fd, write_fd))
    os.dup2(read_fd, 3)
    os.dup2(write_fd, 4)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            return
    os.execv(program[0], program)  # noqa: S606  no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
