"""What Twilio has to approve: a CustomerProfile, and a regulatory Bundle.

See https://www.twilio.com/docs/trust-hub/trusthub-rest-api/customer-profiles and
https://www.twilio.com/docs/phone-numbers/regulatory/api/bundles.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ivr.simulator.twilio_api.identifiers import iso_date, new_sid

SENT_IN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


@dataclass(eq=False)
class RegistrationResource:
    """A profile or a bundle, and how far Twilio is with it."""

    status: str = "twilio-approved"
    valid_until: datetime | None = None
    name: str = "Helpline"
    sid: str = field(default_factory=lambda: new_sid("BU"))

    def as_profile(self, account_sid: str, base: str) -> dict[str, Any]:
        """Return it as a customer profile."""
        url = f"{base}/v1/CustomerProfiles/{self.sid}"
        links = {
            "customer_profiles_entity_assignments": f"{url}/EntityAssignments",
            "customer_profiles_evaluations": f"{url}/Evaluations",
            "customer_profiles_channel_endpoint_assignment": f"{url}/ChannelEndpointAssignments",
        }
        return self._common(account_sid) | {"policy_sid": "RN" + "0" * 32, "url": url, "links": links, "errors": None}

    def as_bundle(self, account_sid: str, base: str) -> dict[str, Any]:
        """Return it as a bundle."""
        url = f"{base}/v2/RegulatoryCompliance/Bundles/{self.sid}"
        links = {
            "evaluations": f"{url}/Evaluations",
            "item_assignments": f"{url}/ItemAssignments",
            "bundle_copies": f"{url}/Copies",
        }
        return self._common(account_sid) | {"regulation_sid": "RN" + "0" * 32, "url": url, "links": links}

    def _common(self, account_sid: str) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "friendly_name": self.name,
            "status": self.status,
            "valid_until": iso_date(self.valid_until) if self.valid_until else None,
            "email": "helpline@helpline.example",
            "status_callback": None,
            "date_created": iso_date(SENT_IN),
            "date_updated": iso_date(SENT_IN),
        }
