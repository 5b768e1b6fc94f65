"""Faults in flows and steps."""

from contextlib import asynccontextmanager
from pathlib import Path

from tests.chaos.faults.database import no_fault
from tests.chaos.program import replace_in_file
from tests.chaos.run import Run
from tests.chaos.scenario import Injected, Scenario

RAISING_STEP = '''"""A step that raises."""

from ivr.engine.step import Decision, StepContext, Step, Target


class Breaks(Step):
    """Is broken."""

    go: Target

    def enter(self, context: StepContext) -> Decision:
        raise ZeroDivisionError


KIND = Breaks
'''


def add_raising_step(program: Path) -> None:
    """Add a kind of step that raises, and put one on the most frequent path."""
    (program / "ivr/steps/breaks.py").write_text(RAISING_STEP, "utf-8")
    replace_in_file(program / "flows/health_or_care.yaml", "go: health/which", "go: health/broken")
    with (program / "flows/health.yaml").open("a") as flow:
        flow.write("\nbroken:\n  kind: breaks\n  go: which\n")


def rename_step(program: Path) -> None:
    """Rename the step that callers are in most often."""
    replace_in_file(program / "flows/health.yaml", "which", "service")
    replace_in_file(program / "flows/health_or_care.yaml", "health/which", "health/service")
    replace_in_file(program / "prompts/en-GB/health.yaml", "\nwhich:", "\nservice:")


@asynccontextmanager
async def step_renamed(run: Run) -> Injected:
    """Rename a step, which takes effect with a rolling restart."""
    rename_step(run.webs[0].program)
    await run.rolling_restart()
    yield


@asynccontextmanager
async def invalid_flow(run: Run) -> Injected:
    """Make a flow invalid and restart one web process: it must refuse to start and log why."""
    flow, web = run.webs[0].program / "flows/welcome.yaml", run.webs[0]
    replace_in_file(flow, "kind: menu", "kind: meun")
    await run.stop_web(0)
    await web.start()
    yield
    await web.expect_start_failure("meun")
    replace_in_file(flow, "kind: meun", "kind: menu")
    await run.start_web(0)


SCENARIOS = (
    Scenario(
        "step renamed in a release",
        "A step is renamed while callers are in it, and the web processes are replaced one after the other.",
        step_renamed,
        seconds=1.0,
    ),
    Scenario(
        "invalid flow in a release",
        "A flow is invalid and one of the two web processes is restarted: it refuses to start.",
        invalid_flow,
        seconds=2.0,
    ),
    Scenario(
        "step raises an exception",
        "A new kind of step raises ZeroDivisionError, on the path that callers choose most often.",
        no_fault,
        patch=add_raising_step,
    ),
)
