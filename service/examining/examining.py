"""`citewell doctor`: is everything that is stored whole and in agreement?"""

from functools import partial
from pathlib import Path

from corpus.errors import CitewellError
from service.examining import answering, home, stored, work
from service.examining.finding import Check, Finding
from service.settings.settings import Settings

# What needs no store is looked at where the store is damaged too.
_CHECKS: tuple[tuple[str, Check, bool], ...] = (
    ("files", stored.files, True),
    ("quotes", stored.quotes, True),
    ("vectors", stored.vectors, False),
    ("snapshots", answering.snapshots, False),
    ("history", answering.history, False),
    ("answering", answering.answering, True),
    ("jobs", work.jobs, True),
    ("deletions", work.deletions, True),
    ("signing key", home.signing_key, False),
    ("audit log", home.audit, False),
    ("aliases", home.aliases, False),
    ("permissions", home.permissions, False),
    ("disk", home.disk, False),
    ("clock", home.clock, True),
    ("leftovers", home.leftovers, False),
    ("ocr", answering.ocr, True),
    ("confinement", answering.confinement, False),
)


def examine(
    settings: Settings, *, backups: Path | None = None, passphrase: str | None = None
) -> list[Finding]:
    """Return one finding a check; with `backups` of the newest backup in that folder too.

    A check that fails is a finding, not an error. What reads the store is not checked where the
    store is damaged.
    """
    store = _finding("store", stored.store, settings)
    findings = [_finding("models", answering.models, settings), store]
    for name, check, reads_store in _CHECKS:
        if reads_store and not store.ok:
            findings.append(Finding(name, False, "not checked: see the store"))
        else:
            findings.append(_finding(name, check, settings))
    if backups is not None:
        check_backups = partial(work.backups, passphrase=passphrase)
        findings.append(_finding("backups", lambda _: check_backups(backups), settings))
    return findings


def _finding(name: str, check: Check, settings: Settings) -> Finding:
    try:
        return Finding(name, True, check(settings))
    except CitewellError as error:
        return Finding(name, False, str(error))
    except OSError as error:
        return Finding(name, False, f"{error}; look at the disk and its permissions")
    except (ValueError, TypeError, LookupError) as error:  # of a row whose bytes have changed
        told = f"what is stored cannot be read ({error!r}); {stored.RESTORE}"
        return Finding(name, False, told)
