"""Runs an `ivr` command as a real operating system process that tests can kill, stop and restart."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL, SIGTERM

ROOT = Path(__file__).parents[2]
START_TIMEOUT, STOP_TIMEOUT, POLL_INTERVAL = 60.0, 25.0, 0.02
"""Seconds."""


@dataclass
class IvrProcess:
    """The process of `ivr <command>`.

    `log` collects standard output and standard error of every start. `program` is the folder that the `ivr` package is
    imported from; `descriptors` is how many files and lines it may have open, that of this process if None.
    """

    log: Path
    settings: Mapping[str, str]
    command: tuple[str, ...]
    program: Path = ROOT
    process: Process | None = None
    exits: int = 0
    descriptors: int | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator["IvrProcess"]:
        """Start the process; on exit stop it, unless the test did, and require a clean shutdown."""
        await self.start()
        try:
            yield self
        finally:
            status = await self.stop()
            if status not in (None, 0, -SIGTERM):  # uvicorn raises the signal again after it has shut down
                raise AssertionError(f"ivr {self.command[0]} exited with status {status}:\n{self.log.read_text()}")

    async def start(self) -> None:
        """Start the process, or start it again."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("IVR_", "TWILIO_"))}
        environment = inherited | dict(self.settings) | {"PYTHONPATH": str(self.program), "NO_PROXY": "*"}
        arguments = ("-m", "ivr", *self.command)
        limit = ("sh", "-c", f'ulimit -n {self.descriptors}; exec "$@"', "sh") if self.descriptors else ()
        with self.log.open("ab") as file:
            self.process = await asyncio.create_subprocess_exec(
                *limit, sys.executable, *arguments, cwd=self.log.parent, env=environment, stdout=file, stderr=file
            )

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.returncode is None

    @property
    def pid(self) -> int:
        """Return the process id; raise AssertionError when the process is not running."""
        if self.process is None or not self.is_running:
            raise AssertionError(f"ivr {' '.join(self.command)} is not running:\n{self.log.read_text()[-2000:]}")
        return self.process.pid

    async def base_url(self) -> str:
        """Wait until the web process listens and return the URL from its log."""
        for _ in range(round(START_TIMEOUT / POLL_INTERVAL)):
            logged = re.findall(r"running on (http://[\d.:]+)", self.log.read_text())
            if len(logged) > self.exits:
                return str(logged[-1])
            _ = self.pid
            await asyncio.sleep(POLL_INTERVAL)
        raise AssertionError(f"the web process does not listen:\n{self.log.read_text()[-3000:]}")

    async def expect_start_failure(self, message: str) -> None:
        """Wait until the process exits by itself with an error and has logged this message."""
        if self.process is None:
            raise AssertionError("the process was never started")
        async with asyncio.timeout(START_TIMEOUT):
            status = await self.process.wait()
        if status == 0 or message not in self.log.read_text():
            raise AssertionError(f"exit status {status} without {message!r} in the log:\n{self.log.read_text()}")

    async def finish(self) -> str:
        """Wait until the process exits by itself and return what it has logged; raise AssertionError if it failed."""
        if self.process is None:
            raise AssertionError("the process was never started")
        async with asyncio.timeout(START_TIMEOUT):
            status = await self.process.wait()
        if status:
            raise AssertionError(f"ivr {' '.join(self.command)}: exit status {status}:\n{self.log.read_text()}")
        return self.log.read_text()

    async def kill(self) -> None:
        """Send SIGKILL and wait for the exit."""
        os.kill(self.pid, SIGKILL)
        await self._wait()

    async def stop(self) -> int | None:
        """Send SIGTERM, after a timeout SIGKILL, and return the exit status; None when the process was not running."""
        if self.process is None or not self.is_running:
            return None
        self.process.terminate()
        try:
            async with asyncio.timeout(STOP_TIMEOUT):
                await self._wait()
        except TimeoutError:
            await self.kill()
        return self.process.returncode

    def kill_without_waiting(self) -> None:
        """Send SIGKILL if the process is still running: the cleanup after a failed or cancelled run."""
        if self.process and self.is_running:
            with suppress(ProcessLookupError):
                self.process.kill()

    async def _wait(self) -> None:
        if self.process:
            await self.process.wait()
            self.exits += 1
