"""Which folder a command reads that looks at flows and prompts."""

from pathlib import Path
from typing import Annotated

import typer

from ivr.config import content_folder

Folder = Annotated[
    Path,
    typer.Option(
        default_factory=content_folder,
        show_default="that of IVR_CONTENT, or our own",
        help="The folder with flows/ and prompts/.",
    ),
]
