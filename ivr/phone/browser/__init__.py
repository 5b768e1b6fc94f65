"""The telephone in the browser: trials of the whole service, each with a clock, a telephone company and an inbox.

It is the telephone of the terminal and of the tests, held by somebody who takes their time. Nothing of it is served
in production.
"""

from ivr.phone.browser.pages import telephone

__all__ = ["telephone"]
