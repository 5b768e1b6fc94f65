"""Said is found: what a caller has spoken reaches our advisers, though nobody answered when the provider told of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import httpx2
import pytest
from sqlalchemy import select

from ivr.simulator.phone import Phone
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.routes import rest_api
from ivr.store.missing_recordings import FIRST_WAIT
from ivr.store.tables import voicemails
from ivr.telephony.rest import Provider
from ivr.worker.missing_recordings import MissingRecordings
from ivr.worker.recordings import Recordings
from tests.helplines import Helplines, helplines_on
from tests.phone_calls import AT, stopped
from tests.store.conftest import url
from tests.store.voicemail_driver import ALERTS, alerts
from tests.web.running_app import locked

__all__ = ["url"]

TO_THE_TONE = ("0", "2", "1")
WORDS = "This is Alex. Please ring me tomorrow."


async def standing(helplines: Helplines) -> list[tuple[str, int | None]]:
    async with helplines.store.begin() as db:
        rows = await db.execute(select(voicemails.c.state, voicemails.c.seconds).order_by(voicemails.c.began))
        return [(row.state, row.seconds) for row in rows.all()]


@asynccontextmanager
async def provider_of(phone: Phone) -> AsyncIterator[Provider]:
    transport = httpx2.ASGITransport(rest_api(phone.carrier.twilio))
    async with Provider(ACCOUNT_SID, "token", "http://office", 10, transport) as provider:
        yield provider


async def found_later(helplines: Helplines, phone: Phone, at: datetime = AT + FIRST_WAIT) -> None:
    """Let a worker ask the provider some minutes later."""
    async with provider_of(phone) as provider:
        await MissingRecordings(helplines.store, provider, lambda: at, ALERTS).ask()


@pytest.mark.parametrize("told", [True, False])
async def test_words_spoken_while_the_only_web_process_is_away_are_found(url: str, told: bool) -> None:
    async with helplines_on(url) as helplines:
        phone = await helplines.rings(*TO_THE_TONE)
        phone.app = stopped
        await phone.says(WORDS, hangs_up=True, told=told)
        assert await standing(helplines) == [("begun", None)]
        await found_later(helplines, phone)
        [(state, seconds)] = await standing(helplines)
        assert (state, seconds) == ("sent", round(phone.carrier.twilio.recordings[0].seconds))
        assert len(await alerts(helplines.store)) == 1


async def test_words_spoken_while_the_database_is_locked_are_found(url: str) -> None:
    async with helplines_on(url) as helplines, helplines_on(url, patience=0.1) as impatient:
        phone = await helplines.rings(*TO_THE_TONE)
        phone.app = impatient.helpline()
        async with locked(url):
            await phone.says(WORDS, hangs_up=True)
        assert await standing(helplines) == [("begun", None)]
        await found_later(helplines, phone)
        assert ([state for state, _ in await standing(helplines)], len(await alerts(helplines.store))) == (["sent"], 1)


async def test_words_of_which_we_said_that_we_could_not_keep_them_are_kept_all_the_same(url: str) -> None:
    async with helplines_on(url) as helplines, helplines_on(url, patience=0.1) as impatient:
        phone = await helplines.rings(*TO_THE_TONE)
        phone.app = impatient.helpline()
        async with locked(url):
            (await phone.says(WORDS, key="#")).hears("we could not keep your message")
            await phone.hangs_up()
        await found_later(helplines, phone)
        assert [state for state, _ in await standing(helplines)] == ["sent"]


@pytest.mark.parametrize("arrives", ["before", "after", "late", "never"])
@pytest.mark.parametrize(("length", "ends"), [("zero", "#"), ("zero", ""), ("missing", "#"), ("missing", "hangs up")])
async def test_words_of_unknown_length_are_never_deleted(url: str, length: str, arrives: str, ends: str) -> None:
    async with helplines_on(url) as helplines:
        phone = await helplines.rings(*TO_THE_TONE)
        phone.line.recording_length, phone.carrier.status_callbacks.recordings = length, arrives
        if ends == "hangs up":
            await phone.says(WORDS, hangs_up=True)
        else:
            (await phone.says(WORDS, key=ends)).hears_not("We did not hear you", "we have not heard a message")
            await phone.hangs_up()
        await found_later(helplines, phone)
        await listens(helplines, phone)
        [(state, seconds)] = await standing(helplines)
        assert state in ("recorded", "sent")
        assert seconds == round(phone.carrier.twilio.recordings[0].seconds)


async def listens(helplines: Helplines, phone: Phone) -> None:
    """Let a worker fetch the recording, and measure it."""
    async with provider_of(phone) as provider:
        at = AT + timedelta(minutes=6)
        while await Recordings(helplines.store, provider, lambda: at, ALERTS).fetch():
            pass


async def test_a_key_at_the_tone_leaves_no_message_whatever_its_length_is_said_to_be(url: str) -> None:
    async with helplines_on(url) as helplines:
        phone = await helplines.rings(*TO_THE_TONE)
        phone.line.recording_length = "zero"
        await phone.says("er", key="0")
        assert await standing(helplines) == [("begun", None)]
