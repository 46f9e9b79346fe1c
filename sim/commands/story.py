"""``gridtown story``: what happened to one dispute of a run, told from its records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.ending import DONE
from sim.commands.figures import console, print_json

if TYPE_CHECKING:
    from sim.outcomes import Records, Story
    from sim.report import Chapter, Words

NEEDED = "organisation_kind"  # the youngest column that a story reads


def story(run: Path, dispute: int | None, language: str, as_json: bool) -> int:
    """Tell a dispute, or offer some that are worth telling.

    Args:
        run: folder that ``gridtown run`` wrote.
        dispute: its number in the records; None to be offered some.
        language: of the words.
        as_json: print data instead of text.

    Raises:
        StoreError: the folder holds no run, or one of an older version.
        NoDisputeError: there is no such dispute.
        UnknownLanguageError: there are no words in the language.
    """
    from sim.outcomes import story_of
    from sim.report import load_words, told

    words = load_words(language)
    records, about = read_run(run)
    if dispute is None:
        offer(records, about, words, as_json)
        return DONE
    found = story_of(records, dispute)
    chapters = told(found, words)
    if as_json:
        print_json({**about, "start_date": str(found.start), "chapters": chapters_content(found, chapters)})
        return DONE
    lines = console()
    lines.print(words("story.offered.title", dispute=dispute, **about), style="bold")
    for chapter in chapters:
        lines.print("\n" + chapter.heading, style="bold")
        for sentence in chapter.sentences:
            lines.print(sentence)
    return DONE


def read_run(run: Path) -> tuple[Records, dict[str, Any]]:
    """Return a run's records, and its scenario's title and its seed.

    Raises:
        StoreError: the folder holds no run, or one of an older version.
    """
    from sim.outcomes import read_records, store_error
    from sim.study import read_run_record

    record = read_run_record(run)
    records = read_records(run)
    if NEEDED not in records["disputes"].column_names:
        raise store_error("read", run, f"its disputes have no column {NEEDED}: run the scenario again")
    return records, {"name": str(record.get("title") or run.name), "seed": record.get("seed")}


def chapters_content(found: Story, chapters: list[Chapter]) -> list[dict[str, Any]]:
    """Return a story as plain data: each sentence with its moment, key and facts."""
    return [
        {
            "dispute": chapter.dispute,
            "heading": chapter.heading,
            "moments": [
                {**vars(moment), "sentence": sentence}
                for moment, sentence in zip(chronicle.moments, chapter.sentences, strict=True)
            ],
        }
        for chronicle, chapter in zip(found.chapters, chapters, strict=True)
    ]


def offer(records: Records, about: dict[str, Any], words: Words, as_json: bool) -> None:
    """Name some disputes that are worth telling, each with the reason."""
    from sim.outcomes import worth_telling

    chosen = worth_telling(records)
    count = records["disputes"].num_rows
    if as_json:
        print_json({**about, "disputes": count, "worth_telling": chosen})
        return
    lines = console()
    key = "heading" if chosen else "none"
    lines.print(words.plural(f"story.offered.{key}", count, **about), style="bold")
    for reason, dispute in chosen.items():
        lines.print(words("story.offered.line", dispute=dispute, reason=words(f"story.offered.{reason}")))
    if chosen:
        lines.print("\n" + words("story.offered.hint"))
