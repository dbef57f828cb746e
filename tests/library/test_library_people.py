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
    assert [library.people.add().code for _ in range(3)] == ["P-0001", "P-0002", "P-0003"]
    library.people.add(code="P-0040")
    library.people.add(code="P-x")
    assert library.people.add().code == "P-0041"


def test_a_code_is_given_once(library):
    library.people.add(code="P-0007")
    other = library.people.add()
    for again in ("P-0007", "p-0007", " P-0007 "):
        with pytest.raises(PijatError, match="another person has"):
            library.people.add(code=again)
        with pytest.raises(PijatError, match="another person has"):
            library.people.change(other.id, code=again)
    assert library.people.list().total == 2


def test_a_hostile_name_is_kept_as_harmless_text(library):
    for name in HOSTILE:
        person = library.people.add(name=name, note=name)
        kept = library.people.get(person.id).name
        assert kept is not None
        assert not set(kept) & set("\x00\n\u202e\u202c\ud800")
        assert len(kept) == len(name)
        assert library.people.list(search=kept[:5]).total == 1


def test_a_name_of_ten_thousand_characters_is_refused_in_one_sentence(library):
    for call in (
        lambda: library.people.add(name="a" * 10_000),
        lambda: library.people.add(code="a" * 10_000),
        lambda: library.groups.add("a" * 10_000),
        lambda: library.facilitators.add("F", "a" * 10_000),
        lambda: library.people.add(note="a" * 10_000),
    ):
        with pytest.raises(PijatError, match=r"at most \d+ characters, got 10000") as refused:
            call()
        assert len(str(refused.value)) < 200
    assert library.people.list().total == 0


def test_search_takes_wildcards_as_letters(library):
    for name in ("50% Siti", "under_score", "ÉMILIE", "plain"):
        library.people.add(name=name)
    assert library.people.list(search="%").total == 1
    assert library.people.list(search="_").total == 1
    assert library.people.list(search="émilie").total == 1
    assert library.people.list(search="p-000").total == 4
    assert library.people.list(search="\\").total == 0


def test_pages_hold_everybody_once(library):
    for _ in range(23):
        library.people.add()
    pages = [library.people.list(page=number, per_page=10) for number in (1, 2, 3, 4)]
    assert [len(page.items) for page in pages] == [10, 10, 3, 0]
    assert {page.total for page in pages} == {23} and pages[0].pages == 3
    assert len({person.id for page in pages for person in page.items}) == 23
    for page, per_page in ((0, 50), (1, 0), (1, 10_000), (10**30, 50)):
        with pytest.raises(UsageError):
            library.people.list(page=page, per_page=per_page)


def test_a_group_keeps_its_people_apart_and_lets_them_go(library):
    group = library.groups.add("Tegalagung", "kader")
    with pytest.raises(PijatError, match="another group has"):
        library.groups.add("tegalagung")
    person = library.people.add(group_id=group.id)
    library.people.add()
    assert [one.people for one in library.groups.list()] == [1]
    assert [one.id for one in library.people.list(group_id=group.id).items] == [person.id]
    assert library.groups.change(group.id, "Tuban").description == "kader"
    library.groups.delete(group.id)
    assert library.people.get(person.id).group_id is None
    with pytest.raises(PijatError, match="a group of the library"):
        library.people.add(group_id=group.id)


def test_an_update_changes_what_it_names_and_nothing_else(library):
    person = library.people.add(name="Siti", note="x")
    changed = library.people.change(person.id, role="mother", name=None)
    assert (changed.role, changed.name, changed.note, changed.code) == ("mother", None, "x", person.code)
    assert library.people.change(person.id, active=False).active is False
    assert library.people.list(active=True).total == 0
    with pytest.raises(PijatError):
        library.people.change(person.id, role="king")
    with pytest.raises(PijatError):
        library.people.change(10**6, name="x")


def test_the_newest_word_on_consent_counts(library):
    person = library.people.add()
    assert library.consents.get(person.id).video is None
    library.consents.add(person.id, "video", True, "F-1")
    library.consents.add(person.id, "research", True, "F-1")
    library.consents.add(person.id, "video", False, "F-2")
    consents = library.consents.get(person.id)
    assert (consents.video, consents.research) == (False, True)
    assert [(one.kind, one.given) for one in consents.history] == [
        ("video", False),
        ("research", True),
        ("video", True),
    ]
    with pytest.raises(PijatError):
        library.consents.add(person.id, "photos", True, "F-1")


def test_facilitators_keep_their_code(library):
    first = library.facilitators.add("F-1", "Ani")
    with pytest.raises(PijatError, match="another facilitator"):
        library.facilitators.add("f-1", "Budi")
    assert library.facilitators.list(active=True) == (first,)
    assert library.facilitators.list(active=False) == ()
    assert [one.name for one in library.facilitators.list()] == ["Ani"]


def test_a_deleted_number_is_not_given_again(library):
    first = library.groups.add("a")
    library.groups.delete(first.id)
    assert library.groups.add("b").id > first.id
