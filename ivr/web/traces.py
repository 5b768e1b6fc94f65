"""Traces by OpenTelemetry: a span for each request, if a collector is set by the standard OTEL_EXPORTER_OTLP_ENDPOINT.

Nothing of OpenTelemetry is imported otherwise. Starlette's own middleware is not used: it has the query in its spans,
and so the state tokens of callers, and the messages of errors.
"""

import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

log = logging.getLogger(__name__)

ENDPOINTS = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NAME = re.compile(r"[a-z][a-z_]*")
"""The name of a flow or step: it has no figures, so whatever is asked for, no number comes into a span."""


def traced(app: ASGIApp, environment: Mapping[str, str]) -> ASGIApp:
    """Return the application with traces, if a collector is set; without the packages, the log says what is missing."""
    if not any(environment.get(name) for name in ENDPOINTS):
        return app
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.error("no traces are sent, the packages are missing: setting=%s install=%s", ENDPOINTS[0], "ivr[traces]")
        return app
    resource = Resource.create({"service.name": environment.get("OTEL_SERVICE_NAME") or "helpline"})
    provider = TracerProvider(resource=resource)  # which sends what is left when the process ends
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(app, provider.get_tracer("ivr"))


class Traces:
    """Makes a span of each request: its method, route and status, and the flow and step of a call."""

    def __init__(self, app: ASGIApp, tracer: "Tracer") -> None:
        self._app, self._tracer = app, tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        from opentelemetry.trace import SpanKind

        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        with self._tracer.start_as_current_span(
            method,
            kind=SpanKind.SERVER,
            record_exception=False,  # its message may hold a number
            set_status_on_exception=False,
        ) as span:
            span.set_attribute("http.request.method", method)

            async def send_and_note(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _set_status(span, message["status"])
                await send(message)

            try:
                await self._app(scope, receive, send_and_note)
            finally:
                _set_route(span, method, scope)


def _set_status(span: "Span", status: int) -> None:
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_attribute("error.type", str(status))


def _set_route(span: "Span", method: str, scope: Mapping[str, Any]) -> None:
    """Name the span by the route, whose path has the names of what is in it, not the values."""
    route = getattr(scope.get("route"), "path_format", None)
    if isinstance(route, str):
        span.update_name(f"{method} {route}")
        span.set_attribute("http.route", route)
    for name in ("flow", "step"):
        value = scope.get("path_params", {}).get(name, "")
        if NAME.fullmatch(value):
            span.set_attribute(f"ivr.{name}", value)
