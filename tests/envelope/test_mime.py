"""Multipart and XOP packages of every SOAP stack are read. Anything else is refused in one sentence."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockregister.envelope import mime
from mockregister.errors import UnreadableRequest
from tests.envelope.stacks import STACKS, multipart

KIND = 'multipart/related; type="application/xop+xml"; boundary=b'
ROOT = (["Content-ID: <root>", "Content-Type: application/xop+xml"], b"<root/>")


def package(*parts: tuple[list[str], bytes], kind: str = KIND) -> mime.Package:
    return mime.read(kind, multipart(b"b", [ROOT, *parts]))


def part(content_id: str, content: bytes = b"content", *more: str) -> tuple[list[str], bytes]:
    return [f"Content-ID: {content_id}", *more], content


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("document", [b"<a/>", b"", b"\r\n", b"line\n", b"--b\r\n", bytes(range(256)) * 5])
def test_the_documents_of_every_stack_are_read_byte_for_byte(stack: str, document: bytes) -> None:
    read = mime.read(*STACKS[stack]([document, b"second"]))
    assert read.is_xop
    contents = [attached.content for attached in read.attachments.values()]
    assert stack == "inline" or (document in contents and b"second" in contents)


@pytest.mark.parametrize("header", ["<doc@x>", "doc@x", '"<doc@x>"', '"doc@x"', "  <doc@x>  "])
@pytest.mark.parametrize("href", ["cid:doc@x", "CID:doc@x", "cid:doc%40x", "cid:%64oc%40x"])
def test_a_part_is_found_by_every_spelling_of_its_content_id(header: str, href: str) -> None:
    assert package(part(header)).attached(href) == b"content"


def test_an_id_that_matches_exactly_goes_before_one_that_matches_decoded() -> None:
    read = package(part("<a%40b>", b"encoded"), part("<a@b>", b"plain"))
    assert (read.attached("cid:a%40b"), read.attached("cid:a@b")) == (b"encoded", b"plain")


def test_the_root_is_the_first_part_where_no_start_is_named() -> None:
    assert package().root.content == b"<root/>"


def test_the_root_is_the_part_that_start_names_at_any_position() -> None:
    read = mime.read(KIND + '; start="<root>"', multipart(b"b", [part("<doc>"), ROOT]))
    assert read.root.content == b"<root/>"
    assert read.attached("cid:doc") == b"content"


def test_parameters_keep_quoted_semicolons_and_lose_escapes() -> None:
    kind, parameters = mime.content_type(r'Multipart/Related; Start-Info="a;action=\"x;y\""; boundary=----=_1; empty=')
    assert kind == "multipart/related"
    assert parameters == {"start-info": 'a;action="x;y"', "boundary": "----=_1", "empty": ""}


@pytest.mark.parametrize(
    ("encoding", "raw"),
    [("base64", b"Y29u\r\ndGVu\r\ndA=="), ("Quoted-Printable", b"con=\r\ntent"), ("8BIT", b"content"), ("binary", b"content")],
)
def test_transfer_encodings_are_undone(encoding: str, raw: bytes) -> None:
    assert package(part("<doc>", raw, f"Content-Transfer-Encoding: {encoding}")).attached("cid:doc") == b"content"


def test_a_preamble_and_an_epilogue_are_not_parts() -> None:
    body = multipart(b"b", [ROOT, part("<doc>")], first=b"Hello, this is MIME.\r\n") + b"\r\nGood bye --b\r\n"
    assert mime.read(KIND, body).attached("cid:doc") == b"content"


def test_blanks_after_a_boundary_are_padding() -> None:
    body = multipart(b"b", [ROOT, part("<doc>")]).replace(b"--b\r\n", b"--b \t\r\n")
    assert mime.read(KIND, body).attached("cid:doc") == b"content"


@pytest.mark.parametrize("document", [b"<a/>", b"", b"line\n"])
@pytest.mark.parametrize(("written", "sent"), [(b"\r\n--b\r\n", b"\n--b\n"), (b": ", b":\n "), (b"binary\r\n", b"binary\n")])
def test_line_ends_need_not_be_all_the_same(document: bytes, written: bytes, sent: bytes) -> None:
    body = multipart(b"b", [ROOT, part("<doc>", document, "Content-Transfer-Encoding: binary"), part("<last>")])
    assert written in body
    assert mime.read(KIND, body.replace(written, sent)).attached("cid:doc") == document


@pytest.mark.parametrize("document", [b"<a/>", b"line\r", b"line\n"])
def test_a_carriage_return_is_content_if_lines_end_with_a_line_feed_only(document: bytes) -> None:
    body = multipart(b"b", [ROOT, part("<doc>", b"content")]).replace(b"\r\n", b"\n").replace(b"content", document)
    assert mime.read(KIND, body).attached("cid:doc") == document


def test_a_line_that_only_begins_like_the_boundary_is_content() -> None:
    assert package(part("<doc>", b"\r\n--bc\r\nx")).attached("cid:doc") == b"\r\n--bc\r\nx"


def test_a_package_of_a_thousand_parts_is_read() -> None:
    assert len(package(*[part(f"<{n}>") for n in range(999)]).attachments) == 999


REFUSED = {
    "Two parts have the Content-ID <doc>": lambda: package(part("<doc>"), part("doc")),
    "two Content-ID headers": lambda: package(part("<doc>", b"", "content-id: <other>")),
    "no part has that Content-ID; the parts are <doc>": lambda: package(part("<doc>")).attached("cid:other"),
    "the parts are without any": lambda: package((["Content-Type: text/xml"], b"")).attached("cid:x"),
    "use cid:": lambda: package(part("<doc>")).attached("http://elsewhere/doc"),
    "not base64": lambda: package(part("<doc>", b"*", "Content-Transfer-Encoding: base64")).attached("cid:doc"),
    "'uuencode'; use binary": lambda: package(part("<doc>", b"", "Content-Transfer-Encoding: uuencode")).attached("cid:doc"),
    "start names <nobody>": lambda: package(kind=KIND + "; start=nobody"),
    "names no boundary": lambda: package(kind="multipart/related"),
    "is not in the body of 0 bytes": lambda: mime.read(KIND, b""),
    "is not in the body": lambda: package(kind="multipart/related; boundary=other"),
    "was cut off": lambda: mime.read(KIND, multipart(b"b", [ROOT])[:-6]),
    "no empty line": lambda: mime.read(KIND, b"--b\r\nContent-ID: <x>\r\n--b--"),
    "is not a header": lambda: package((["Content-ID"], b"")),
    "holds no part": lambda: mime.read(KIND, b"--b--\r\n--b\r\n"),
    "more than 1000 parts": lambda: package(*[part(f"<{n}>") for n in range(1000)]),
    "over 16384 bytes": lambda: package(part("<doc>", b"", "A: " + "a" * 20_000)),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_an_unreadable_package_is_refused_in_one_sentence(sentence: str) -> None:
    with pytest.raises(UnreadableRequest, match=r"^[^\n]+$") as refusal:
        REFUSED[sentence]()
    assert sentence in str(refusal.value)
    assert refusal.value.http_status == 400


@pytest.mark.parametrize("kind", ["text/xml", "application/soap+xml; charset=utf-8", "multipart/form-data; boundary=b", "", "\0"])
def test_the_refusal_of_a_request_without_mtom_says_what_was_expected(kind: str) -> None:
    with pytest.raises(UnreadableRequest, match="MTOM") as refusal:
        mime.read(kind, b"<soap/>")
    assert refusal.value.http_status == 415


def test_a_written_package_is_read_back_unchanged() -> None:
    kind, body = mime.write(b"<root/>", "text/xml", [("a@b", b"\r\n--x"), ("c", b"")], "urn:action")
    read = mime.read(kind, body)
    assert (read.root.content, read.attached("cid:a@b"), read.attached("cid:c")) == (b"<root/>", b"\r\n--x", b"")
    assert mime.content_type(kind)[1]["action"] == "urn:action"


TOKENS = st.text("abcXYZ0189'()+_,-./:=?", min_size=1, max_size=40)
IDS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_characters='"<>%'), min_size=1, max_size=30)


@given(TOKENS, st.lists(st.tuples(IDS, st.binary(max_size=200)), max_size=4, unique_by=lambda pair: pair[0]))
def test_any_boundary_id_and_content_is_read_back_unchanged(boundary: str, parts: list[tuple[str, bytes]]) -> None:
    parts = [(name, content) for name, content in parts if boundary.encode() not in content and name != "root"]
    body = multipart(boundary.encode(), [ROOT, *[part(f"<{name}>", content) for name, content in parts]])
    read = mime.read(f'multipart/related; boundary="{boundary}"', body)
    assert [read.attached("cid:" + name) for name, _ in parts] == [content for _, content in parts]


@given(st.binary(max_size=300), st.text(max_size=60))
def test_any_bytes_are_either_read_or_refused_in_one_sentence(noise: bytes, parameters: str) -> None:
    for kind in (KIND, parameters, f"multipart/related;{parameters}"):
        for body in (noise, b"--b\r\n" + noise + b"\r\n--b--", multipart(b"b", [ROOT])[: len(noise)]):
            with suppress(UnreadableRequest):
                read = mime.read(kind, body)
                assert all(isinstance(read.attached("cid:" + name), bytes) for name in read.attachments)
