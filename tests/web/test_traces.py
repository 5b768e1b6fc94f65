"""Traces have a span for each request of a call, and nothing of the caller in it."""

import asyncio
import logging
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import quote

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from ivr.web.traces import ENDPOINTS, Traces, traced
from tests.made_up import flows
from tests.web.webhooks import CALLER, URL, FailsOnAnswer, action, app_of, ask, form_of, helpline

CALL_SID = "CA0123456789abcdef0123456789abcdef"


async def whole_call(app: Traces, *keys: str) -> list[str]:
    """Ring and press keys; return the addresses that were asked for, which have the tokens."""
    response = await ask(app, f"{URL}/voice", form_of(CALL_SID))
    asked = []
    for one in keys:
        asked.append(action(response))
        response = await ask(app, asked[-1], form_of(CALL_SID, Digits=one))
    return asked


def has_secrets(text: str, addresses: list[str]) -> bool:
    tokens = [address.partition("m=")[2] for address in addresses]
    return any(one and one in text for one in (*tokens, CALL_SID, CALLER, CALLER[3:], quote(CALLER), "14102026"))


async def test_a_whole_call_has_a_span_for_each_webhook_and_nothing_of_the_caller() -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    asked = await whole_call(Traces(helpline(), provider.get_tracer("ivr")), "1", "1", "14102026", "1")
    found = spans.get_finished_spans()
    assert [one.name for one in found] == ["POST /voice", *["POST /voice/{flow}/{step}"] * 4]
    attributes = [dict(one.attributes or {}) for one in found]
    assert all(one["http.response.status_code"] == 200 for one in attributes)
    assert {"ivr.flow", "ivr.step"} <= set(attributes[1])
    assert not has_secrets("".join(one.to_json() for one in found), asked)


async def test_a_step_that_fails_and_a_strange_address_bring_no_number_into_a_span() -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    tracer = provider.get_tracer("ivr")
    await whole_call(Traces(app_of(flows({"town/well": FailsOnAnswer()})), tracer), "1")
    await ask(Traces(helpline(), tracer), f"{URL}/voice/07700900123/x7700900123?m=7700900123", form_of())
    assert "7700900" not in "".join(one.to_json() for one in spans.get_finished_spans())


class Collector(HTTPServer):
    """Takes traces as OTLP over HTTP."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.came: list[tuple[str, bytes]] = []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, Collector)
        self.server.came.append((self.path, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return None


async def test_a_collector_is_sent_the_spans_by_the_standard_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    with Collector() as collector:
        thread = Thread(target=collector.serve_forever)
        thread.start()
        monkeypatch.setenv(ENDPOINTS[0], address := f"http://127.0.0.1:{collector.server_port}")
        app = traced(helpline(), {ENDPOINTS[0]: address})
        assert isinstance(app, Traces)
        asked = await whole_call(app, "1", "1")
        await asyncio.to_thread(app._tracer.span_processor.shutdown)  # type: ignore[attr-defined]
        collector.shutdown()
        thread.join()
    requests = [ExportTraceServiceRequest.FromString(body) for _, body in collector.came]
    names = [
        span.name
        for request in requests
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert names == ["POST /voice", *["POST /voice/{flow}/{step}"] * 2]
    assert {path for path, _ in collector.came} == {"/v1/traces"}
    assert "helpline" in str(requests[0].resource_spans[0].resource)
    assert not has_secrets(str(requests), asked)


def test_without_a_collector_the_application_is_as_it_was() -> None:
    app = helpline()
    assert traced(app, {}) is app


def test_packages_that_are_missing_are_told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    app = helpline()
    with caplog.at_level(logging.ERROR, "ivr"):
        assert traced(app, {ENDPOINTS[0]: "http://127.0.0.1:4318"}) is app
    assert caplog.messages == [
        "no traces are sent, the packages are missing: setting=OTEL_EXPORTER_OTLP_ENDPOINT install=ivr[traces]"
    ]
