"""What is read from the bytes of an XML part is what a parser reads from it."""

from itertools import pairwise

from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.ooxml.xml_bytes import (
    attributes,
    descendants,
    elements,
    escaped,
    is_utf8,
    quoted,
    unescaped,
    whole_tags,
)

WRITABLE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("<&>'\"\t\n")
)
ODD = (
    b"""<?xml version="1.0"?><x:a xmlns:x="u"><!-- <sheet name="no"/> --><sheet name='&lt;"1"&gt;' id = "&#65;&#x42;"/>"""
    b"""<b><x:sheet name="a\nb>c"><sheet name="&amp;lt;"/></x:sheet><![CDATA[<sheet/>]]></b><sheets name="no"/></x:a>"""
)


@given(text=WRITABLE)
def test_a_text_that_is_written_is_read_as_it_was(text: str) -> None:
    assert unescaped(escaped(text)) == text
    tag = b'<a b="%s"/>' % quoted(text)
    (element,) = elements(tag)
    assert attributes(tag, element) == fromstring(tag).attrib == {"b": text}


def test_elements_of_a_name_are_found_however_they_are_written_and_wherever_they_stand() -> None:
    found = [attributes(ODD, element) for element in descendants(ODD, "sheet")]
    parsed = [
        dict(element.attrib) for element in fromstring(ODD).iter() if element.tag in {"sheet", "{u}sheet"}
    ]
    assert found == parsed
    assert [entry["name"] for entry in found] == ['<"1">', "a b>c", "&lt;"]


def test_a_reference_to_no_character_stays_as_it_is_written() -> None:
    assert (
        unescaped(b"&#0; &#xD800; &#x110000; &nbsp; &; &#150;") == "&#0; &#xD800; &#x110000; &nbsp; &; \x96"
    )


@given(cuts=st.lists(st.integers(0, len(ODD)), max_size=9))
def test_stretches_end_with_a_tag_and_are_the_whole_part(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(ODD)]
    chunks = [ODD[start:end] for start, end in pairwise(places)]
    stretches = list(whole_tags(chunks))
    assert b"".join(stretches) == ODD
    assert all(stretch.endswith(b">") for stretch in stretches if stretch)


def test_only_parts_in_utf_8_are_searched() -> None:
    heads = [
        b"<a/>",
        b'<?xml version="1.0" encoding="UTF-8"?>',
        b"\xef\xbb\xbf <?xml version='1.0' encoding='us-ascii'?>",
    ]
    assert all(map(is_utf8, heads))
    assert not is_utf8(b'<?xml version="1.0" encoding="iso-8859-1"?>')
    assert not is_utf8("<a/>".encode("utf-16"))
