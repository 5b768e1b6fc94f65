"""The one command, `ivr`, and what can follow it."""

import sys

import typer

from ivr.commands import messages
from ivr.commands.bill import bill
from ivr.commands.call import call
from ivr.commands.callbacks import callbacks
from ivr.commands.check import check
from ivr.commands.closures import closures
from ivr.commands.deadline import deadline
from ivr.commands.draw import draw
from ivr.commands.erase import erase
from ivr.commands.export import export
from ivr.commands.facts import facts
from ivr.commands.fallback import fallback
from ivr.commands.inbox import inbox
from ivr.commands.kinds import kinds
from ivr.commands.migrate import migrate
from ivr.commands.new import new
from ivr.commands.phone import phone
from ivr.commands.purge import purge
from ivr.commands.rota import rota
from ivr.commands.schema import schema
from ivr.commands.script import script
from ivr.commands.secret import secret
from ivr.commands.serve import serve
from ivr.commands.worker import worker
from ivr.errors import IvrError

app = typer.Typer(no_args_is_help=True, help="A helpline by telephone: what to do next, by when, and whom to ring.")
CALLS = (serve, worker, migrate, phone, call, deadline, fallback, inbox, erase, export, purge, secret, bill)
FILES = (check, facts, kinds, draw, script, schema, new)
"""What is made of flows and prompts, or told of them."""
for command in (*CALLS, *FILES):
    app.command()(command)
for group, name in ((rota, "rota"), (closures, "closures"), (callbacks, "callbacks"), (messages.app, "messages")):
    app.add_typer(group, name=name)


def main() -> None:
    """Run a command; what the operator can mend is told in words, with exit 1."""
    try:
        app()
    except IvrError as error:
        sys.exit(str(error))
