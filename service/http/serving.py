"""Running the HTTP application until Ctrl-C."""

import errno
import logging
import socket
import sys
from contextlib import suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI

from corpus.errors import SettingsError
from ingest.workers.confining import unconfined
from service.engine.engine import Engine
from service.http.admission.connections import ConnectionLimits, limited_connection
from service.http.admission.hosts import Hosts
from service.http.admission.log_limit import ClientLeft, LogLimit
from service.http.admission.loopback import is_loopback
from service.http.app import create_app
from service.settings.settings import Settings
from service.workload.jobs import JobWorker

SECONDS_TO_FINISH = 10
SECONDS_IDLE = 5
BACKLOG = 128


def serve(settings: Settings, host: str, port: int, *, open_to_all: bool = False) -> None:
    """Serve the collection; returns after Ctrl-C, when open requests have ended.

    Port 0 takes any free port; the message on stderr names it. Unless `base_url` was chosen,
    citations lead to the address that is listened on. `open_to_all` lets everybody read without a
    key; without it, an address that other machines reach needs a key to have been made.
    Raises: SettingsError if the address cannot be listened on, StoreError, ModelError.
    """
    with listening(host, port) as listener:
        address = address_of(listener)
        if "base_url" not in settings.model_fields_set:
            settings = settings.model_copy(update={"base_url": address})
        with Engine.open(settings) as engine:
            if not (open_to_all or engine.store.has_keys() or is_loopback(host_of(listener))):
                raise SettingsError(_needs_key(host))
            worker = JobWorker(engine.store, settings)
            app = create_app(
                engine,
                worker,
                open_to_all=open_to_all,
                hosts=Hosts.of(settings, host),
            )
            sys.stderr.write(
                f"citewell: {address}/ answers questions, {address}/docs shows the API. "
                "Ctrl-C stops it.\n"
            )
            if reason := unconfined():
                sys.stderr.write(f"citewell: files are read without confinement: {reason}.\n")
            # uvicorn raises the interrupt again after it has shut down in good order.
            with suppress(KeyboardInterrupt):
                _Server(server_config(app, settings), worker).run(sockets=[listener])
    sys.stderr.write("citewell: stopped.\n")


class _Server(uvicorn.Server):
    """A server whose jobs hear of a signal at once, before open requests have ended.

    A signal to the whole process group ends the reading workers as well: without this, a file
    would be taken for one that kills its reader.
    """

    def __init__(self, config: uvicorn.Config, worker: JobWorker) -> None:
        super().__init__(config)
        self._worker = worker

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        self._worker.begin_to_stop()
        super().handle_exit(sig, frame)


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """Return how the application is served: its limits, its log, nothing that is not needed."""
    config = uvicorn.Config(
        app,
        http=limited_connection(ConnectionLimits.of(settings)),
        ws="none",
        backlog=BACKLOG,
        timeout_keep_alive=SECONDS_IDLE,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    for name in ("uvicorn.error", "asyncio", "mcp.server.streamable_http"):
        log = logging.getLogger(name)
        if not any(isinstance(each, LogLimit) for each in log.filters):
            log.addFilter(ClientLeft())
            log.addFilter(LogLimit())
    return config


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens there. Raises: SettingsError saying why it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named: without it the last
    # packet of each response waits for the client's delayed acknowledgement, 40 ms on Linux.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise SettingsError(_why_not(host, port, error)) from error
    return listener


def host_of(listener: socket.socket) -> str:
    """Return the address that is listened on, as numbers."""
    return str(listener.getsockname()[0])


def address_of(listener: socket.socket) -> str:
    """Return the address that a browser on this machine opens."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def _needs_key(host: str) -> str:
    return (
        f"On {host} other machines can reach this server, and there is no key. Create one with "
        "`citewell keys create NAME`, or let everybody read: citewell serve --open"
    )


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} of {host} is taken, perhaps by another citewell serve. "
            f"Choose another: citewell serve --port {port + 1 if port < 65535 else 0}"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs administrator rights; choose one above 1023."
    return (
        f"Cannot listen on {host}, port {port}: {error.strerror or error}. "
        "Expected an address of this machine, such as 127.0.0.1 or 0.0.0.0."
    )
