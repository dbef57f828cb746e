"""People, groups, facilitators and consents."""

import pytest

from trainer.errors import PijatError, UsageError

HOSTILE = [
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "'; DROP TABLE person; --",
    "שלום \u202eevil\u202c",
    "a\x00b\nc",
    "\ud800 lone",
    "=HYPERLINK(1)",
    "ibu 👩‍🍼 سيتي",
]


def test_codes_count_on_by_themselves(library):
    assert [library.add_person().code for _ in range(3)] == ["P-0001", "P-0002", "P-0003"]
    library.add_person(code="P-0040")
    library.add_person(code="P-x")
    assert library.add_person().code == "P-0041"


def test_a_code_is_given_once(library):
    library.add_person(code="P-0007")
    other = library.add_person()
    for again in ("P-0007", "p-0007", " P-0007 "):
        with pytest.raises(PijatError, match="another person has"):
            library.add_person(code=again)
        with pytest.raises(PijatError, match="another person has"):
            library.update_person(other.id, code=again)
    assert library.list_people().total == 2


def test_a_hostile_name_is_kept_as_harmless_text(library):
    for name in HOSTILE:
        person = library.add_person(name=name, note=name)
        kept = library.get_person(person.id).name
        assert kept is not None
        assert not set(kept) & set("\x00\n\u202e\u202c\ud800")
        assert len(kept) == len(name)
        assert library.list_people(search=kept[:5]).total == 1


def test_a_name_of_ten_thousand_characters_is_refused_in_one_sentence(library):
    for call in (
        lambda: library.add_person(name="a" * 10_000),
        lambda: library.add_person(code="a" * 10_000),
        lambda: library.add_group("a" * 10_000),
        lambda: library.add_facilitator("F", "a" * 10_000),
        lambda: library.add_person(note="a" * 10_000),
    ):
        with pytest.raises(PijatError, match=r"at most \d+ characters, got 10000") as refused:
            call()
        assert len(str(refused.value)) < 200
    assert library.list_people().total == 0


def test_search_takes_wildcards_as_letters(library):
    for name in ("50% Siti", "under_score", "ÉMILIE", "plain"):
        library.add_person(name=name)
    assert library.list_people(search="%").total == 1
    assert library.list_people(search="_").total == 1
    assert library.list_people(search="émilie").total == 1
    assert library.list_people(search="p-000").total == 4
    assert library.list_people(search="\\").total == 0


def test_pages_hold_everybody_once(library):
    for _ in range(23):
        library.add_person()
    pages = [library.list_people(page=number, per_page=10) for number in (1, 2, 3, 4)]
    assert [len(page.items) for page in pages] == [10, 10, 3, 0]
    assert {page.total for page in pages} == {23} and pages[0].pages == 3
    assert len({person.id for page in pages for person in page.items}) == 23
    for page, per_page in ((0, 50), (1, 0), (1, 10_000), (10**30, 50)):
        with pytest.raises(UsageError):
            library.list_people(page=page, per_page=per_page)


def test_a_group_keeps_its_people_apart_and_lets_them_go(library):
    group = library.add_group("Tegalagung", "kader")
    with pytest.raises(PijatError, match="another group has"):
        library.add_group("tegalagung")
    person = library.add_person(group_id=group.id)
    library.add_person()
    assert [one.people for one in library.list_groups()] == [1]
    assert [one.id for one in library.list_people(group_id=group.id).items] == [person.id]
    assert library.rename_group(group.id, "Tuban").description == "kader"
    library.delete_group(group.id)
    assert library.get_person(person.id).group_id is None
    with pytest.raises(PijatError, match="a group of the library"):
        library.add_person(group_id=group.id)


def test_an_update_changes_what_it_names_and_nothing_else(library):
    person = library.add_person(name="Siti", note="x")
    changed = library.update_person(person.id, role="mother", name=None)
    assert (changed.role, changed.name, changed.note, changed.code) == ("mother", None, "x", person.code)
    assert library.update_person(person.id, active=False).active is False
    assert library.list_people(active=True).total == 0
    with pytest.raises(PijatError):
        library.update_person(person.id, role="king")
    with pytest.raises(PijatError):
        library.update_person(10**6, name="x")


def test_the_newest_word_on_consent_counts(library):
    person = library.add_person()
    assert library.consents_of(person.id).video is None
    library.record_consent(person.id, "video", True, "F-1")
    library.record_consent(person.id, "research", True, "F-1")
    library.record_consent(person.id, "video", False, "F-2")
    consents = library.consents_of(person.id)
    assert (consents.video, consents.research) == (False, True)
    assert [(one.kind, one.given) for one in consents.history] == [
        ("video", False),
        ("research", True),
        ("video", True),
    ]
    with pytest.raises(PijatError):
        library.record_consent(person.id, "photos", True, "F-1")


def test_facilitators_keep_their_code(library):
    first = library.add_facilitator("F-1", "Ani")
    with pytest.raises(PijatError, match="another facilitator"):
        library.add_facilitator("f-1", "Budi")
    assert library.update_facilitator(first.id, active=False).active is False
    assert library.list_facilitators(active=True) == ()
    assert [one.name for one in library.list_facilitators()] == ["Ani"]


def test_a_deleted_number_is_not_given_again(library):
    first = library.add_group("a")
    library.delete_group(first.id)
    assert library.add_group("b").id > first.id
