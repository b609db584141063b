"""
Query understanding: from what was typed to a `Query`, with every step recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

from retrieval.errors import QuestionError
from retrieval.language.abbreviation import AbbreviationList, Expansion, curated_list
from retrieval.language.analyzer import WORD, Terms, analyze
from retrieval.language.capitals import lower_capitals
from retrieval.language.diacritic_restoration import Spellings, looks_foreign, restore
from retrieval.language.document_number import find_numbers
from retrieval.language.glossary import glossary
from retrieval.language.keystrokes import decode
from retrieval.language.shorthand import expand_shorthand
from retrieval.language.span import replace_spans, without_overlaps
from retrieval.language.spelling import fold, is_bare, nfc
from retrieval.language.syllable import is_syllable
from retrieval.language.synonym import Synonym, synonym_list
from retrieval.language.variant import variant_list
from retrieval.question.courtesy import without_courtesies
from retrieval.question.english import gloss_question
from retrieval.question.followup import follow_up
from retrieval.question.query import Concept, Query, Step
from retrieval.question.question_words import without_asking_words
from retrieval.question.spelling_requests import listed_words, possible_texts
from retrieval.question.wording import Wording, is_used

MAX_QUESTION_LENGTH = 2_000  # characters; a longer text was pasted by mistake
_READINGS = 3  # of one question: each costs the encoder's time
_FEWEST_RAW = 2  # words that the documents use, in a question that is raw keystrokes as a whole
_RAW_SYLLABLES = 0.8  # smallest share of syllables among its words
_SPACE = re.compile(r"\s+")
_LOOSE_MARK = re.compile("[\u0300-\u036f]")  # left over by NFC: "k" with one is no "k", nor does it end a word


def understand(
    question: str,
    spellings: Spellings,
    *,
    previous: str | None = None,
    abbreviations: AbbreviationList | None = None,
) -> Query:
    """
    Understand a question.

    Args:
        spellings: the corpus's vocabulary.
        previous: the `context` of the previous query.
        abbreviations: by default the curated ones.

    Raises:
        QuestionError: the question has no word, or is too long to be one.
    """
    typed = lower_capitals(normalize_question(question))
    spellings.prefetch(possible_texts(typed, previous or ""))
    plain, raw = _decode_raw(typed, spellings)
    plain = without_courtesies(plain)
    whole, text, steps = _join_follow_up(plain, previous, spellings) or (plain, *_correct_spelling(plain, spellings))
    steps = [*raw, *steps]
    known = abbreviations or curated_list()
    long = _outside_numbers(text, known.expansions(text))
    named = _wordings(text, long, known.contractions(text))
    english, foreign = glossary().is_english(whole), looks_foreign(whole)
    everyday = [] if english or foreign else synonym_list().synonyms(text)
    spellings.prefetch(listed_words(text, named, everyday, english=english))
    wordings = _with_used_names(named, spellings)
    if english:
        return replace(_english(question, text, wordings, steps, spellings), names=_names_in(text, known))
    replaceable = _with_used_words(everyday, wordings, spellings)
    steps += [Step(wording.kind, wording.typed, wording.others) for wording in (*wordings, *replaceable)]
    unused = () if foreign else tuple(e for e in long if e.short.lower() not in spellings.of(fold(e.short)))
    readings = _readings(text, unused, long)
    concepts = tuple((analyze(w.typed), *map(analyze, w.others)) for w in wordings)
    synonyms = tuple((analyze(without_asking_words(w.typed)), *map(analyze, w.others)) for w in replaceable)
    return Query(
        typed=question,
        text=text,
        readings=readings,
        terms=_terms(whole, text, (*concepts, *synonyms)),
        concepts=concepts,
        steps=tuple(steps),
        foreign=foreign,
        synonyms=synonyms,
        official_text=_official_text(text, replaceable),
        names=_names_in(text, known),
    )


def _outside_numbers(text: str, expansions: Sequence[Expansion]) -> list[Expansion]:
    """The expansions outside document numbers: "38/2022/NĐ-CP" is one name."""
    numbers = [match.span() for match, _ in find_numbers(text)]
    return [e for e in expansions if not any(start < e.end and e.start < end for start, end in numbers)]


def _english(question: str, text: str, names: Sequence[Wording], steps: Sequence[Step], spellings: Spellings) -> Query:
    """The query of an English question, with its gloss."""
    glossed = gloss_question(text, names, spellings)
    return Query(
        typed=question,
        text=text,
        readings=(text, glossed.gloss) if glossed.gloss else (text,),
        terms=glossed.terms,
        concepts=glossed.concepts,
        steps=(*steps, *(Step(wording.kind, wording.typed, wording.others) for wording in glossed.wordings)),
        foreign=True,
        gloss=glossed.gloss,
    )


def normalize_question(question: str) -> str:
    """
    The question in NFC with single spaces, without accents that no letter has.

    QuestionError when it has no word or is too long.
    """
    try:
        question.encode()
    except UnicodeEncodeError:
        raise QuestionError("a question is text in UTF-8, this one is not: set the terminal to UTF-8") from None
    text = _SPACE.sub(" ", _LOOSE_MARK.sub("", nfc(question))).strip()
    if not WORD.search(text):
        raise QuestionError("a question needs at least one word, this one has none: type what you want to know")
    if len(text) > MAX_QUESTION_LENGTH:
        raise QuestionError(
            f"a question has at most {MAX_QUESTION_LENGTH:,} characters, this one has {len(text):,}: "
            "ask about one thing at a time"
        )
    return text


def _join_follow_up(plain: str, previous: str | None, spellings: Spellings) -> tuple[str, str, list[Step]] | None:
    """
    A follow-up joined to the previous question: as typed, as understood, and the steps.

    The two are respelled separately, because they need not be typed with the same care.
    """
    try:
        before, _ = _correct_spelling(normalize_question(previous or ""), spellings)
    except QuestionError:
        return None  # a rejected question gives no context
    corrected, respelled = _respell(plain, spellings)  # "ntn?", "owr ddaau?"
    tries: list[tuple[str, list[Step]]] = [(plain, []), (corrected, respelled)]
    if not is_bare(plain):
        tries.reverse()  # half-typed: "Nhật Bản thi sao?" would be a follow-up that asks for "thi"
    following, steps = next(((f, steps) for text, steps in tries if (f := follow_up(text, before))), (None, []))
    if not following:
        return None
    pieces = [_correct_spelling(piece, spellings) if i % 2 else (piece, []) for i, piece in enumerate(following.pieces)]
    text = "".join(piece for piece, _ in pieces)
    steps += [step for _, found in pieces for step in found]
    if len(text) > MAX_QUESTION_LENGTH:
        return None
    return following.text, text, [*steps, Step("follow-up", plain, (text,))]


def _decode_raw(text: str, spellings: Spellings) -> tuple[str, list[Step]]:
    """
    A question typed wholly with the keyboard method off, decoded; else as it is.

    Example: "luaatj an ninh mangj laf gif" -> "luật an ninh mạng là gì"
    """
    if not looks_foreign(text) or glossary().is_english(text):
        return text, []
    sure = _decode_words(text, lambda syllable: syllable.lower() in spellings.of(fold(syllable)))
    # Among so many Vietnamese words the rest is Vietnamese too, also where no document uses it.
    edits = _decode_words(text, lambda _: True, counts=False)
    decoded = replace_spans(text, edits)
    words = [word for word in WORD.findall(decoded) if not word.isdigit()]
    if len(sure) < _FEWEST_RAW or sum(is_syllable(fold(word)) for word in words) < _RAW_SYLLABLES * len(words):
        return text, []
    return decoded, [Step("keystrokes", text[start:end], (meant,)) for start, end, meant in edits]


def _decode_words(text: str, knows: Callable[[str], bool], *, counts: bool = True) -> list[tuple[int, int, str]]:
    """The words that are raw keystrokes, with what they mean."""
    found = ((word, decode(word[0], knows, counts=counts)) for word in WORD.finditer(text))
    return [(*word.span(), meant) for word, meant in found if meant is not None]


def _correct_spelling(text: str, spellings: Spellings) -> tuple[str, list[Step]]:
    """Correct the spelling of a text if it is in Vietnamese."""
    return (text, []) if looks_foreign(text) or glossary().is_english(text) else _respell(text, spellings)


def _respell(text: str, spellings: Spellings) -> tuple[str, list[Step]]:
    """Correct shorthand, raw keystrokes and missing diacritics."""
    bare = is_bare(text)
    text, replaced = expand_shorthand(text)
    steps = [Step("shorthand", change.typed, (change.understood,)) for change in replaced]
    edits = _decode_words(text, lambda syllable: syllable.lower() in spellings.of(fold(syllable)))
    steps += [Step("keystrokes", text[start:end], (meant,)) for start, end, meant in edits]
    restored = restore(replace_spans(text, edits), spellings, bare=bare)
    steps += [Step("diacritics", typed, (meant,)) for typed, meant in restored.changes]
    return restored.text, steps


def _wordings(text: str, long: Sequence[Expansion], short: Sequence[Expansion]) -> list[Wording]:
    """The things in the text that have other wordings: abbreviations, names, long forms."""
    found = [Wording("abbreviation", e.start, e.end, e.short, e.longs) for e in long]
    found += [Wording("name", v.start, v.end, v.typed, v.others) for v in variant_list().variants(text)]
    for c in short:
        found.append(Wording("short form", c.start, c.end, text[c.start : c.end], (c.short,)))
    return found


def _with_used_names(wordings: Sequence[Wording], spellings: Spellings) -> list[Wording]:
    """
    The wordings without overlaps.

    An abbreviation keeps all its wordings, a name or short form those that the documents use. Abbreviations take
    precedence, then names.
    """
    used = (
        wording
        if wording.kind == "abbreviation"
        else replace(wording, others=tuple(other for other in wording.others if is_used(other, spellings)))
        for wording in wordings
    )
    return without_overlaps(wording for wording in used if wording.others)


def _with_used_words(everyday: Sequence[Synonym], names: Sequence[Wording], spellings: Spellings) -> list[Wording]:
    """The everyday words outside names, with the official synonyms that the documents use."""
    found = []
    for synonym in everyday:
        used = tuple(words for words in synonym.official if is_used(words, spellings))
        if used and not any(name.start < synonym.end and synonym.start < name.end for name in names):
            found.append(Wording("synonym", synonym.start, synonym.end, synonym.typed, used))
    return found


def _official_text(text: str, replaceable: Sequence[Wording]) -> str:
    """
    The text with everyday words replaced by the likeliest official ones.

    "" when it has none.
    """
    return replace_spans(text, ((w.start, w.end, w.others[0]) for w in replaceable)) if replaceable else ""


def _names_in(text: str, known: AbbreviationList) -> tuple[tuple[str, ...], ...]:
    """
    The listed names in a text, each with its other names and short forms.

    Each is first as typed, then come its other names, the short forms, and the names of what lies within it.
    """
    found = []
    for variant in variant_list().variants(text):
        if not variant_list().is_home(variant):
            names = (variant.typed, *variant.others)
            short = (e.short for name in names for e in known.contractions(name))
            found.append((*names, *short, *variant_list().parts(variant)))
    return tuple(found)


def _readings(text: str, unused: Sequence[Expansion], long: Sequence[Expansion]) -> tuple[str, ...]:
    """
    The likeliest few readings of the text, with its abbreviations expanded.

    First those that the documents do not use are expanded, then all. (Vietnamese words inside a foreign sentence are
    only a second reading.)
    """
    readings = [*_expand(text, unused), *_expand(text, long)]
    return tuple(islice(dict.fromkeys(readings), _READINGS))


def _expand(text: str, long: Sequence[Expansion]) -> Iterator[str]:
    """The text for each combination of its abbreviations' meanings."""
    for choice in islice(product(*(e.longs for e in long)), _READINGS):
        yield replace_spans(text, ((e.start, e.end, meant) for e, meant in zip(long, choice, strict=True)))


def _terms(typed: str, understood: str, concepts: Sequence[Concept]) -> Terms:
    """
    The terms of the understood text outside concepts, plus the exact terms as typed.

    A bare token may be a name that has no diacritics.
    """
    telling = without_asking_words(understood)
    main = analyze(telling if WORD.search(telling) else understood)
    for concept in concepts:
        main = main.without(concept[0])
    raw = analyze(without_asking_words(typed)).exact
    known = {*main.exact, *(term for concept in concepts for term in concept[0].exact)}
    return Terms((*main.exact, *(term for term in raw if term not in known)), main.folded)
