"""The helpline's own commands as real processes, each of which can be killed, stopped and replaced."""

import asyncio
import os
import re
import shutil
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
CLOCK = Path(__file__).parent / "clock" / "sitecustomize.py"
LONGEST_START, LOOK_EVERY = 20.0, 0.02
LONGEST_WAIT = ("longest: 300", "longest: 3")
"""Seconds that anybody waits in the queue: those processes go by the real clock, and the town goes faster."""


def copy_program(folder: Path) -> None:
    """The program with its content in a folder of its own, where flows and steps can be changed; always open."""
    for name in ("ivr", "flows", "prompts"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "flows/hours.yaml").unlink()
    person = folder / "flows/person.yaml"
    text = person.read_text("utf-8")
    if LONGEST_WAIT[0] not in text:
        raise AssertionError("flows/person.yaml does not say any more how long anybody waits")
    person.write_text(text.replace(*LONGEST_WAIT), "utf-8")
    shutil.copy(CLOCK, folder)


@dataclass
class Running:
    """One command, `ivr …`, in the folder of a program; `log` is what it says."""

    folder: Path
    settings: Mapping[str, str]
    command: tuple[str, ...]
    log: Path
    process: Process | None = None
    ended: list[int] = field(default_factory=list)
    """How it ended, each time."""

    async def start(self) -> None:
        """Begin; a web process has an `address` as soon as it listens."""
        known = {name: value for name, value in os.environ.items() if not name.startswith(("IVR_", "TWILIO_"))}
        environment = known | dict(self.settings) | {"PYTHONPATH": str(self.folder), "NO_PROXY": "*"}
        with self.log.open("ab") as file:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "ivr", *self.command, cwd=self.folder, env=environment, stdout=file, stderr=file
            )

    @property
    def pid(self) -> int:
        """The process that runs."""
        if self.process is None or self.process.returncode is not None:
            raise AssertionError(f"`ivr {' '.join(self.command)}` does not run:\n{self.log.read_text()[-2000:]}")
        return self.process.pid

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.returncode is None

    async def address(self) -> str:
        """Where a web process listens, as it says itself."""
        for _ in range(round(LONGEST_START / LOOK_EVERY)):
            told = re.findall(r"running on (http://[\d.:]+)", self.log.read_text())
            if len(told) > len(self.ended):
                return str(told[-1])
            _ = self.pid
            await asyncio.sleep(LOOK_EVERY)
        raise AssertionError(f"it does not listen:\n{self.log.read_text()[-3000:]}")

    async def refuses(self, why: str) -> None:
        """It does not start at all, ends by itself, and says why."""
        if self.process is None:
            raise AssertionError("it was never started")
        async with asyncio.timeout(LONGEST_START):
            status = await self.process.wait()
        if status == 0 or why not in self.log.read_text():
            raise AssertionError(f"it ended with {status}, and does not say why:\n{self.log.read_text()}")

    async def kill(self) -> None:
        """From one moment to the next."""
        os.kill(self.pid, signal.SIGKILL)
        await self._has_ended()

    async def stop(self) -> None:
        """As an operator does. Whoever does not end is killed: that is told by what `ended` holds."""
        if not self.lives or self.process is None:
            return
        self.process.terminate()
        try:
            async with asyncio.timeout(LONGEST_START + 5):
                await self._has_ended()
        except TimeoutError:
            await self.kill()

    async def _has_ended(self) -> None:
        if self.process:
            self.ended.append(await self.process.wait())

    def end_at_once(self) -> None:
        """For when everything is over, or broken off."""
        if self.lives and self.process:
            with suppress(ProcessLookupError):
                self.process.kill()
