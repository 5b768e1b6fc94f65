"""`ivr serve`: answers the provider's webhooks."""

from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="The port to listen on.")] = 8000,
) -> None:
    """Answer calls, until stopped.

    Examples: `ivr serve`, `PORT=5000 ivr serve --host 0.0.0.0`, `IVR_DEV=1 ivr serve`.
    """
    import uvicorn

    from ivr.app import build
    from ivr.config import read_settings

    # No access log: addresses carry sealed memory. Forwarded headers are not believed.
    uvicorn.run(build(read_settings()), host=host, port=port, access_log=False, proxy_headers=False)
