"""What went wrong for the provider lately, when it asked us?"""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import urlsplit

from ivr.doctor.our_numbers import is_here, not_told
from ivr.doctor.registry import Finding, Subject, check, error, warning
from ivr.helpline.timezone import LONDON
from ivr.telephony.alert_codes import OF_THE_ACCOUNT, meaning
from ivr.telephony.alerts import Alert
from ivr.telephony.protected_asset import PATH
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.refusal_cause import shown

LATELY, JUST_NOW = timedelta(days=1), timedelta(hours=1)


@check
async def refused_webhooks(subject: Subject) -> AsyncIterator[Finding]:
    """The provider has raised no alert in a day: its webhooks were answered, and our documents could be read."""
    if subject.provider is None:
        return
    try:
        alerts = await subject.provider.account.alerts(subject.now - LATELY)
    except ProviderError as failure:
        yield not_told("its alerts", failure)
        return
    for found in _groups([one for one in alerts if _is_ours(one, subject.settings.public_url)], subject.now):
        yield found


def _is_ours(alert: Alert, public_url: str) -> bool:
    is_fallback = urlsplit(alert.url).path == PATH
    return alert.code in OF_THE_ACCOUNT or is_fallback or is_here(alert.url, public_url)


def _groups(alerts: Sequence[Alert], now: datetime) -> Iterator[Finding]:
    """Yield a finding for each code and path, the most frequent first."""

    def kind(one: Alert) -> tuple[int, str]:
        return one.code, shown(urlsplit(one.url).path)

    groups = [(key, list(found)) for key, found in groupby(sorted(alerts, key=kind), key=kind)]
    for (code, path), found in sorted(groups, key=lambda group: -len(group[1])):
        says, mend = meaning(code)
        last = max(one.at for one in found)
        times = "once" if len(found) == 1 else f"{len(found)} times"
        line = f"{path or 'calls'}, {times} in a day, last at {last.astimezone(LONDON):%H:%M}: {says} ({code})"
        harms = any(one.is_error for one in found) and last > now - JUST_NOW
        yield (error if harms else warning)(line, mend)
