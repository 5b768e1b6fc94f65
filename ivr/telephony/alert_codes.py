"""What the codes of the provider's alerts mean for a helpline, and what mends each.

https://www.twilio.com/docs/api/errors. Codes of requests that we make ourselves are in `error_codes.py`.
"""

from typing import NamedTuple

WHERE = "https://www.twilio.com/docs/api/errors/"
SERVER = "see that `ivr serve` and the proxy run and answer within five seconds; `ivr doctor public_url`"
CERTIFICATE = "renew the certificate of the public address, with its whole chain; `ivr doctor public_url`"
ADDRESS = "`ivr twilio connect` writes the addresses anew"
OUR_DOCUMENT = "look for that time in our own log (`fallback turn`), and report it"


class Meaning(NamedTuple):
    """What happened, in words, and the mend."""

    says: str
    mend: str


MEANINGS = {
    10001: Meaning("the account is not active", "see Twilio's console, or its support"),
    10003: Meaning("calls were refused, as the account is not active", "see Twilio's console, or its support"),
    10004: Meaning("calls were refused: more at once than the account may have", "have a Business profile approved"),
    10005: Meaning("the account may not have calls", "ask Twilio's support"),
    11100: Meaning("an address is none", ADDRESS),
    11200: Meaning("we could not be asked, or answered with an error", SERVER),
    11201: Meaning("nobody took the connection in time", SERVER),
    11202: Meaning("the connection was refused", SERVER),
    11203: Meaning("we did not answer in the time that the address allows", SERVER),
    11205: Meaning("we could not be reached", SERVER),
    11206: Meaning("the answer was not HTTP as it is to be", SERVER),
    11210: Meaning("the name of our address was not found", "see the DNS records of the public address"),
    11215: Meaning("we redirected too often", "have the proxy redirect no webhook"),
    11217: Meaning("we answered with an error (403: its signature was refused)", "`ivr doctor provider public_url`"),
    11220: Meaning("no secure connection could be made", CERTIFICATE),
    11235: Meaning("the certificate is for another name", CERTIFICATE),
    11236: Meaning("the certificate has expired", CERTIFICATE),
    11237: Meaning("the certificate's chain is not whole", CERTIFICATE),
    11750: Meaning("our document was too long", OUR_DOCUMENT),
    12100: Meaning("our document could not be read", OUR_DOCUMENT),
    12200: Meaning("our document is not as Twilio's schema has it", OUR_DOCUMENT),
    12300: Meaning("what answered gave something else than a document", "see that `ivr serve` answers there"),
    12400: Meaning("Twilio itself failed", "see https://status.twilio.com"),
    13214: Meaning("the number that we show was refused", "see IVR_CALLER_ID; `ivr doctor provider`"),
    13223: Meaning("a number to be rung was none", "see IVR_ADVISERS and `ivr rota`"),
    13224: Meaning("a number to be rung was none", "see IVR_ADVISERS and `ivr rota`"),
    13225: Meaning("a number may not be rung", "see IVR_ADVISERS and `ivr rota`"),
    13227: Meaning("the account may not ring that country", "see Voice > Settings > Geo permissions"),
    15002: Meaning("news of calls waited too long to be sent", SERVER),
    15003: Meaning("news of calls was answered with an error", "see that the database is there; `ivr doctor database`"),
}
"""Those that a helpline meets."""
OF_THE_ACCOUNT = frozenset({10001, 10003, 10004, 10005, 13214, 13223, 13224, 13225, 13227})
"""Those that are ours whatever address they are about."""


def meaning(code: int) -> Meaning:
    """Return what a code means.

    >>> meaning(11236).says, meaning(99999).says
    ('the certificate has expired', 'Twilio says only: 99999')
    """
    return MEANINGS.get(code) or Meaning(f"Twilio says only: {code}", f"see {WHERE}{code}")
