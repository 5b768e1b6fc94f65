"""Made-up content of any size, for what a key press costs among many steps: a copy of ours, and menus beside it."""

import shutil
from pathlib import Path

from bench.served import ROOT

IN_A_FLOW = 100


def written(folder: Path, number: int) -> Path:
    """The helpline's own flows and prompts with so many more steps, in flows of a hundred; all can be reached."""
    for name in ("flows", "prompts"):
        shutil.copytree(ROOT / name, folder / name)
    flows = range(0, number, IN_A_FLOW)
    for first in flows:
        _flow(folder, f"more{first // IN_A_FLOW}", min(IN_A_FLOW, number - first), first + IN_A_FLOW < number)
    welcome = folder / "flows/welcome.yaml"
    welcome.write_text(welcome.read_text("utf-8").replace("go: settling/menu", "go: more0/s0"), "utf-8")
    return folder


def _flow(folder: Path, name: str, number: int, has_next: bool) -> None:
    following = f"more{int(name.removeprefix('more')) + 1}/s0" if has_next else "settling/menu"
    steps, words = [], []
    for n in range(number):
        to = f"s{n + 1}" if n + 1 < number else following
        steps.append(f"s{n}:\n  kind: menu\n  choices:\n    1: {{say: further, go: {to}}}\n  otherwise: person/ring\n")
        words.append(f"s{n}:\n  further: For step {n} of {name}, press {{key}}.\n  shorter: Press {{further}}.\n")
    (folder / f"flows/{name}.yaml").write_text("\n".join(steps), "utf-8")
    (folder / f"prompts/en-GB/{name}.yaml").write_text("\n".join(words), "utf-8")
