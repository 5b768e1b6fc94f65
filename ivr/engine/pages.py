"""The base of every step that is read page by page, at the caller's own pace."""

from collections.abc import Mapping

from ivr.engine.prompts import Key
from ivr.engine.question import Attempt, NoMatch, Question
from ivr.engine.step import Decision, Go, StepContext, Target, own
from ivr.engine.verbs import Say, Speech

ON = "1"


class Pages(Question):
    """1 goes on, * says the page again, # turns one back. A kind says what stands on each page (`page`)."""

    then: Target
    informs: bool = True
    says = {"then": frozenset({"key"})}
    shares = Question.shares | {"next_page": frozenset({"key"}), "page_keys": frozenset()}

    def page(self, context: StepContext, number: int) -> tuple[Speech, ...]:
        """Return the sentences of a page."""
        raise NotImplementedError

    def ways(self) -> Mapping[str, Target]:
        return {ON: self.then}

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[Say, ...]:
        words = context.words
        is_last = attempt.page == self.pages_to_say() - 1
        on = words.speech(own(context.at, "then") if is_last else "helpline.next_page", key=Key(ON))
        if attempt.number:
            keys = words.speech("helpline.page_keys") if attempt.number == 2 else ()
            return (self.lead(context, attempt), words.say(on, keys))
        return (words.say(*self.page(context, attempt.page), on),)

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        if keys != ON:
            return NoMatch()
        page = context.state.page + 1
        return self.ask(context, Attempt(page=page)) if page < self.pages_to_say() else Go(self.then, context.state)

    def back(self, context: StepContext) -> Decision:
        page = context.state.page - 1
        return self.ask(context, Attempt(page=page)) if page >= 0 else super().back(context)
