"""What can happen to flows and steps."""

from contextlib import asynccontextmanager
from pathlib import Path

from torture.day import Day
from torture.fault import Fault, Injected

BREAKS = '''"""A step that raises."""

from ivr.engine.step import Decision, Scene, Step, Target


class Breaks(Step):
    """Is broken."""

    go: Target

    def enter(self, scene: Scene) -> Decision:
        raise ZeroDivisionError


KIND = Breaks
'''


def put(file: Path, before: str, after: str) -> None:
    """Change what stands in a file."""
    text = file.read_text("utf-8")
    if before not in text:
        raise AssertionError(f"there is no {before!r} in {file.name}")
    file.write_text(text.replace(before, after), "utf-8")


def with_a_step_that_raises(program: Path) -> None:
    """A kind of step that raises, on the way to what callers choose most."""
    (program / "ivr/steps/breaks.py").write_text(BREAKS, "utf-8")
    put(program / "flows/welcome.yaml", "go: health/about", "go: health/broken")
    with (program / "flows/health.yaml").open("a") as flow:
        flow.write("\nbroken:\n  kind: breaks\n  go: about\n")


@asynccontextmanager
async def always(day: Day) -> Injected:
    """It is so from the beginning."""
    yield


@asynccontextmanager
async def changed(day: Day) -> Injected:
    """A step gets another name; both processes read it only when they are started anew, one at a time."""
    program = day.webs[0].folder
    put(program / "flows/health.yaml", "about", "whom_to_ask")
    put(program / "flows/welcome.yaml", "health/about", "health/whom_to_ask")
    put(program / "prompts/en-GB/health.yaml", "\nabout:", "\nwhom_to_ask:")
    for place, web in enumerate(day.webs):
        day.forget(await web.address())
        await web.stop()
        await day.starts_web(place)
    yield


@asynccontextmanager
async def spoilt(day: Day) -> Injected:
    """What stands on disk makes no sense, and one process is told to start with it: it must refuse, and say why."""
    program = day.webs[0].folder
    put(program / "flows/welcome.yaml", "kind: menu", "kind: meun")
    web = day.webs[0]
    day.forget(await web.address())
    await web.stop()
    await web.start()
    yield
    await web.refuses("meun")
    put(program / "flows/welcome.yaml", "kind: meun", "kind: menu")
    await day.starts_web(0)


FAULTS = (
    Fault(
        "flows changed on disk",
        "A step is renamed while callers are in it; the web processes are replaced one after the other.",
        changed,
        seconds=1.0,
    ),
    Fault(
        "flows spoilt on disk",
        "A flow makes no sense any more, and one of two web processes is replaced: it refuses to start.",
        spoilt,
        seconds=2.0,
    ),
    Fault(
        "a step that raises",
        "A new kind of step raises ZeroDivisionError, on the way that callers choose most.",
        always,
        change=with_a_step_that_raises,
    ),
)
