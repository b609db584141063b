"""Who is asked what the documents do not answer."""

from __future__ import annotations

import pytest

from bot.settings.contacts import read_contacts


def test_a_collection_has_its_own_contact_or_that_of_all() -> None:
    """ "chung" names what belongs to no collection; the setting is printed as it was written."""
    contacts = read_contacts("quy-che=701; chung = 702; *=-1001234")

    assert [contacts.of(name) for name in ("quy-che", "", "khac")] == [701, 702, -1001234]
    assert repr(contacts) == "quy-che=701; chung=702; *=-1001234"


@pytest.mark.parametrize("setting", ["quy-che", "=701", "a=0", "a=abc", "a/b=1", "a=1; a=2"])
def test_what_is_no_entry_is_refused(setting: str) -> None:
    """The message says how entries are written."""
    with pytest.raises(ValueError, match="entries are written COLLECTION=ID"):
        read_contacts(setting)
