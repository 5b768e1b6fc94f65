"""Groups of commands that show something when no command is given: `ivr rota --json` is `ivr rota list --json`."""

from typing import Any, ClassVar

from typer.core import TyperGroup


class ListGroup(TyperGroup):
    """A group with a command `list`."""

    default: ClassVar[str] = "list"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put that command in front of options, unless they ask for help or are being completed."""
        is_bare = not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names)
        return super().parse_args(ctx, [self.default, *args] if is_bare and not ctx.resilient_parsing else args)


class ShowGroup(ListGroup):
    """A group with a command `show`, for something of which there is one."""

    default = "show"
