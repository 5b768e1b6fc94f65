"""The beginning of a session, by the fields of the request for it: a call to come, or a scenario that is replayed."""

from dataclasses import dataclass

from ivr.simulator.browser.helpline_source import HelplineSource
from ivr.simulator.browser.request_fields import RequestFields
from ivr.simulator.browser.scenario_files import ScenarioFiles
from ivr.simulator.browser.session import Session, blank_scenario, session_for_scenario
from ivr.simulator.browser.tour import Tour


@dataclass(frozen=True)
class Beginning:
    """Begins sessions on a helpline, with its scenario files and its tour."""

    source: HelplineSource
    files: ScenarioFiles
    tour: Tour

    async def session(self, fields: RequestFields) -> Session:
        """Return a new session. Raises ActionRefused or ScenarioError."""
        if script := fields.text("script", ""):
            session = session_for_scenario(self.source, self.files.path(script))
            await session.replay()
            await session.look_at_hours()
            return session
        if tour := fields.text("tour", ""):
            return self.tour.session(tour)
        return self._new_session(fields)

    def _new_session(self, fields: RequestFields) -> Session:
        """Return a session that begins when it is asked for; or now, or else when somebody would answer next."""
        now = self.source.now()
        hours = self.source.hours(now)
        first = now if hours.is_open else hours.at_ten or now
        scenario = blank_scenario(fields.london_time("at", first), fields.text("caller", "mobile"))
        session = Session(self.source, scenario, fields.text("language", "") or None)
        session.put_off_from = now if first != now and not fields.has("at") else None
        return session
