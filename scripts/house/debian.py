"""Debian's packages: installed where we may, named precisely where we may not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.house.step import Failed, Step

# Runs what follows under a policy that forbids Debian's packages to start the servers in them; a policy that is there stays.
_STARTS_NOTHING = """
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    printf '#!/bin/sh\\nexit 101\\n' > $policy
    chmod 755 $policy
fi
"$@"
"""


def has_apt() -> bool:
    """This is Debian or a child of it."""
    return shutil.which("apt-get") is not None and shutil.which("dpkg-query") is not None


def is_debian() -> bool:
    """Debian itself. Ubuntu's chromium package is only a pointer to a snap."""
    try:
        return "ID=debian" in Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False


def install(step: Step, packages: list[str]) -> None:
    """Install what is missing, as root or through sudo.

    Raises:
        Failed: we may not; the message has the command for somebody who may.
    """
    wanted = _missing(packages) if packages else []
    if not wanted:
        return
    by_hand = f"apt-get install {' '.join(wanted)}"
    become_root = _become_root()
    if become_root is None:
        raise Failed(
            f"some packages are missing, and only root can install them. Run this as root, then make again:\n  {by_hand}"
        )
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-o", "Acquire::Retries=3"]
    apt += ["-o", "DPkg::Lock::Timeout=120"]
    step.run(*become_root, *apt, "update")
    step.run(*become_root, "sh", "-c", _STARTS_NOTHING, "install", *apt, "install", "--no-install-recommends", *wanted)
    step.note = f"installed {' '.join(wanted)}"


def _missing(packages: list[str]) -> list[str]:
    """Those that are not installed."""
    query = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *packages]
    shown = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    there = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in there]


def _become_root() -> list[str] | None:
    """What to put before a command that root has to run; None when there is no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    if sys.stdin.isatty() and subprocess.run(["sudo", "-v"], check=False).returncode == 0:  # asks for the password once
        return ["sudo"]
    return None
