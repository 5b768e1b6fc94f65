"""A wish counts in whatever spelling a person uses, and a sentence with one of its words is none."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ivr.helpline.sms_keywords import OWN_WORDS, POLITE, PROVIDER_WORDS, Wish, provider_wish_of, wish_of

WORDS = PROVIDER_WORDS | OWN_WORDS
WISHES = {words: wish for words, wish in WORDS.items() if wish is not Wish.help}
DECORATIONS = (
    *(".", ",", "!", "?", "-", "–", "…", "'", '"', "“", "”", "(", ")", "*", "_", "/", ":", ";", "#", "~", "|"),
    *(" ", "\t", "\u00a0", "\u2003", "\u3000", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2060", "\u3164"),
    *("\u202e", "\u202c", "\u2066", "\u2069", "\u200f", "\ufe0f", "\u0301", "\u20e3", "\0"),
    *("\N{OCTAGONAL SIGN}", "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-3}", "\N{POUTING FACE}"),
)
decoration = st.text(st.sampled_from("".join(DECORATIONS)), max_size=6)
CHEERS = "\N{OCTAGONAL SIGN}"


def wide(word: str) -> str:
    """Write a word in letters of full width, as some keyboards do."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in word)


def bold(word: str) -> str:
    """Write a word in the bold letters of mathematics, as people do to be seen."""
    return "".join(chr(ord(letter) - ord("A") + 0x1D400) if letter.isalpha() else letter for letter in word)


spelling = st.sampled_from([str.upper, str.lower, str.title, str.swapcase, wide, bold, str])


@given(st.sampled_from([*WISHES]), spelling, decoration, decoration)
def test_a_wish_counts_in_whatever_is_put_around_it(word: str, spelt: object, before: str, after: str) -> None:
    assert callable(spelt)
    assert wish_of(f"{before}{spelt(word)}{after}") is WISHES[word]


@given(st.sampled_from([*WISHES]), st.data())
def test_a_wish_counts_with_anything_between_its_letters(word: str, data: st.DataObject) -> None:
    spread = "".join(letter + data.draw(decoration) for letter in word)
    assert wish_of(spread) is WISHES[word]


@given(
    st.sampled_from(["STOP", "Stop.", "stop all", "OPT-OUT", "Unsubscribe", "remove"]),
    st.lists(st.text(st.characters(categories=["Lu", "Ll", "Zs"], max_codepoint=0x17F), max_size=40), max_size=3),
    st.sampled_from(["\n", "\r\n", "\n\n", "\u2028"]),
)
@example("Stop", ["Jo Marsh"], "\n")
@example("Stop", ["Sent from my iPhone"], "\n\n")
@example("Stop", ["-- ", "Jo Marsh", "12 High Street"], "\n")
def test_a_first_line_stops_with_a_signature_below_it(word: str, below: list[str], between: str) -> None:
    assert wish_of(between.join((word, *below))) is Wish.stop


@pytest.mark.parametrize(
    "body",
    [
        *(
            "OPT OUT",
            "opt-out",
            "opt_out",
            "STOP ALL",
            "Stop-all",
            '"STOP"',
            "STOP,",
            "«stop»",
            "'Stop'",
            "stop stop stop",
        ),
        *("REMOVE", "remove me please", "Unsubscribe me", "opt me out", "stop texting me", "no more texts thanks"),
        *("Stop please", "Please stop", "STOP, thank you!", "stoppp", "STTOP", "stóp", "ꜱ".replace("ꜱ", "S") + "top"),
        *(
            "S.T.O.P.",
            "s t o p",
            "un subscribe",
            "can cel",
            "Quit.",
            "revoke",
            "End",
            f"STOP {CHEERS}",
            f"{CHEERS}stop",
        ),
    ],
)
def test_texts_that_stop_all(body: str) -> None:
    assert wish_of(body) is Wish.stop


@pytest.mark.parametrize("body", ["NO", "no.", "No, thanks", "No reminders please", "stop the reminders", "N O"])
def test_texts_that_stop_reminders(body: str) -> None:
    assert wish_of(body) is Wish.no_reminders


@pytest.mark.parametrize(
    "body",
    [
        *("please do not stop helping me", "I cannot stop him running off", "the end", "no way", "stop it hurts"),
        *(
            "Stop calling my son naughty",
            "the bus stop",
            "do not stop",
            "don't stop",
            "non-stop",
            "shop",
            "top",
            "step",
        ),
        *("Cancel\nmy appointment on Monday", "End\nof term is too late", "No\nletter has come", "quit\nschool"),
        *("Can you remove my name from the plan", "unstoppable", "yes please", "yes he can", "start the assessment"),
        *("STOP 2", "stop@school", "When do you stop for Christmas?", "", " ", "...", CHEERS, "0", "1", "stopped"),
        "Stop\n" + "He has been sent home every day this week and nobody tells me why.",
        "Stop\na\nb\nc\nd",
        "please do not\nstop\nhelping me",
    ],
)
def test_texts_that_are_no_wish(body: str) -> None:
    assert wish_of(body) is None


other_words = st.from_regex(r"[a-z]{3,12}", fullmatch=True).filter(
    lambda word: word.upper() not in POLITE and wish_of(word) is None
)


@given(
    st.lists(other_words, min_size=2, max_size=6), st.sampled_from(["STOP", "Cancel", "no", "YES", "end"]), st.data()
)
def test_a_sentence_with_a_word_that_is_one_is_none(words: list[str], word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(words)))
    sentence = " ".join([*words[:place], word, *words[place:]])
    assert wish_of(sentence) is None


@given(st.text(max_size=300))
def test_any_text_is_a_wish_or_none_and_reading_it_never_fails(body: str) -> None:
    assert wish_of(body) in (*Wish, None)


@pytest.mark.parametrize("body", ["HELP", " help ", "Info"])
def test_help_is_what_the_provider_takes_for_it_and_nothing_else(body: str) -> None:
    assert (wish_of(body), wish_of(f"{body}!"), wish_of(f"{body} me")) == (Wish.help, None, None)


@pytest.mark.parametrize("word", PROVIDER_WORDS)
def test_the_provider_obeys_single_words_only(word: str) -> None:
    assert provider_wish_of(f" {word.lower()}\n") is PROVIDER_WORDS[word]
    for other in (f"{word}!", f"{word} please", f'"{word}"', word[:1] + " " + word[1:]):
        assert provider_wish_of(other) is None
