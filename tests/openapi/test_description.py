"""What is not as an OpenAPI description has it is found; all that we do at the provider is recorded for it."""

from dataclasses import replace
from typing import Any

import pytest

from tests.openapi.check import exchanges
from tests.openapi.description import Description, Exchange

SID = "PN" + "0" * 32
NUMBER = {
    "type": "object",
    "properties": {
        "sid": {"type": "string", "pattern": "^PN[0-9a-fA-F]{32}$", "nullable": True},
        "voice_method": {"type": "string", "enum": ["GET", "POST"], "nullable": True},
        "status": {"$ref": "#/components/schemas/status"},
    },
}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/v1/Numbers/{Sid}": {
            "servers": [{"url": "https://api.example"}],
            "post": {
                "requestBody": {
                    "content": {
                        "application/x-www-form-urlencoded": {
                            "schema": {
                                "properties": {
                                    "VoiceMethod": {"type": "string", "enum": ["GET", "POST"]},
                                    "Sids": {"type": "array", "items": {"type": "string", "maxLength": 3}},
                                    "Active": {"type": "boolean"},
                                },
                                "required": ["VoiceMethod"],
                            }
                        }
                    }
                },
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/number"}}}}
                },
            },
            "get": {
                "parameters": [{"name": "PageSize", "in": "query", "schema": {"type": "integer", "maximum": 1000}}],
                "responses": {"200": {}},
            },
        }
    },
    "components": {"schemas": {"number": NUMBER, "status": {"type": "string", "enum": ["active"]}}},
}
ANSWER = {"sid": SID, "voice_method": None, "status": "active"}
GOOD = Exchange(
    "POST", "api.example", f"/v1/Numbers/{SID}", "", "VoiceMethod=GET&Sids=a&Sids=b&Active=true", 200, ANSWER
)


def test_what_is_as_described_has_no_faults() -> None:
    assert Description(DOCUMENT).knows(GOOD)
    assert list(Description(DOCUMENT).faults(GOOD)) == []
    listed = replace(GOOD, method="GET", query="PageSize=50", form="", answer=None)
    assert list(Description(DOCUMENT).faults(listed)) == []
    assert list(Description(DOCUMENT).faults(replace(GOOD, answer={"sid": None, "status": None}))) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"form": "VoiceMethod=PUT"}, "VoiceMethod: 'PUT' is not one of"),
        ({"form": "Active=true"}, "the form has no VoiceMethod"),
        ({"form": "VoiceMethod=GET&VoiceUrl=a"}, "the form has VoiceUrl, which is not described"),
        ({"form": "VoiceMethod=GET&Sids=abcd"}, "Sids.0: 'abcd' is too long"),
        ({"form": "VoiceMethod=GET&Active=yes"}, "Active: 'yes' is not of type 'boolean'"),
        ({"answer": ANSWER | {"sid": "PN1"}}, "answer.sid: 'PN1' does not match"),
        ({"answer": ANSWER | {"status": "asleep"}}, "answer.status: 'asleep' is not one of"),
        ({"answer": ANSWER | {"mood": "good"}}, "the answer has mood, which is not described"),
        ({"answer": []}, "answer: [] is not valid"),
        ({"status": 201}, "201 is answered, and 200 are described"),
        ({"method": "PUT"}, "the method is not described"),
        ({"method": "GET", "form": ""}, ""),
        ({"method": "GET", "form": "", "query": "PageSize=1001"}, "v: 1001 is greater than the maximum"),
        ({"method": "GET", "form": "", "query": "Since=1"}, "the query has Since, which is not described"),
        ({"method": "GET"}, "a form is not described"),
    ],
)
def test_what_is_not_as_described_is_told(change: dict[str, Any], says: str) -> None:
    told = list(Description(DOCUMENT).faults(replace(GOOD, **change)))
    assert told == [] if not says else says in told[0], told


def test_an_error_is_described_nowhere_and_another_host_is_another_api() -> None:
    refused = replace(GOOD, status=404, answer={"code": 20404})
    assert list(Description(DOCUMENT).faults(refused)) == []
    assert not Description(DOCUMENT).knows(replace(GOOD, host="upload.example"))


async def test_every_request_that_we_make_is_recorded() -> None:
    names = {one.name for one in await exchanges()}
    account = "api.twilio.com/2010-04-01/Accounts/{Sid}"
    assert {
        f"POST {account}/Messages.json",
        f"POST {account}/Calls.json",
        f"POST {account}/IncomingPhoneNumbers/{{Sid}}.json",
        f"GET {account}/Balance.json",
        "GET monitor.twilio.com/v1/Alerts",
        "GET trusthub.twilio.com/v1/CustomerProfiles",
        "GET numbers.twilio.com/v2/RegulatoryCompliance/Bundles/{Sid}",
        "POST serverless.twilio.com/v1/Services/{Sid}/Builds",
        "POST serverless-upload.twilio.com/v1/Services/{Sid}/Assets/{Sid}/Versions",
        "DELETE serverless.twilio.com/v1/Services/{Sid}",
    } <= names
