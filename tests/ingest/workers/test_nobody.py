"""Where root starts citewell, its workers are nobody, and cannot become root again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.workers.limited_workers import worker_confinement

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, who becomes nobody"
)

_BECOMING = """
import json, os, sys
from pathlib import Path
from ingest.workers.confining import _become_nobody

missing, tried = [], {}
user = _become_nobody([Path("/usr")], missing)
for name, act in {
    "root again": lambda: os.setuid(0),
    "root's file": lambda: open(sys.argv[1]).read(),
    "root's group": lambda: os.setgid(0),
}.items():
    try:
        act()
        tried[name] = "done"
    except PermissionError:
        tried[name] = "refused"
print(json.dumps([user, missing, os.getresuid(), os.getgroups(), tried]))
"""


def test_a_process_of_root_becomes_nobody_for_good(tmp_path: Path) -> None:
    import pwd

    secret = tmp_path / "signing-key.pem"
    secret.write_text("secret")
    secret.chmod(0o600)
    done = subprocess.run(
        [sys.executable, "-c", _BECOMING, str(secret)], capture_output=True, text=True, check=True
    )
    user, missing, ids, groups, tried = json.loads(done.stdout)
    assert (user, missing, groups) == ("nobody", [], [])
    assert set(ids) == {pwd.getpwnam("nobody").pw_uid}
    assert set(tried.values()) == {"refused"}, tried


def test_workers_are_nobodys_or_say_what_nobody_may_not_read() -> None:
    found = worker_confinement()
    kept = [each for each in found.missing if each.startswith("with root's rights: nobody may")]
    assert (found.user == "nobody") != bool(kept), found
