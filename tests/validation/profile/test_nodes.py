"""Nodes are the elements that the checks read."""

from __future__ import annotations

import gc
from weakref import ref

from lxml import etree

from mockregister.validation.profile.nodes import Node


def owner_of(*elements: str) -> Node:
    return Node(etree.fromstring(f'<owner xmlns="urn:hl7-org:v3">{"".join(elements)}</owner>'))


def root(node: Node) -> str:
    return node["root"]


def test_an_element_knows_how_many_equal_elements_of_its_name_there_are() -> None:
    owner = owner_of('<id root="1"/>', '<id root="2"/>', '<templateId root="1"/>', '<id root="1"/>')
    assert [child.alike(root) for child in owner.children] == [2, 1, 1, 2]


def test_an_element_knows_its_position_among_elements_of_its_name() -> None:
    owner = owner_of("<id/>", "<templateId/>", '<id xmlns="urn:other"/>', "<id/>")
    assert [child.number for child in owner.children] == [1, 1, 1, 2]
    assert owner.number == 1


def test_the_document_element_has_no_equal_elements() -> None:
    assert owner_of().alike(root) == 1


def test_elements_are_counted_once_and_not_compared_in_pairs() -> None:
    asked = []

    def key(node: Node) -> str:
        asked.append(node)
        return node["root"]

    owner = owner_of(*(f'<id root="{number}"/>' for number in range(100)))
    assert {child.alike(key) for child in owner.children} == {1}
    assert len(asked) == 2 * 100


def test_each_name_and_each_key_is_counted_separately() -> None:
    owner = owner_of('<id root="1"/><id root="1" extension="a"/>', '<addr root="1"/><addr root="2"/>')
    assert [child.alike(root) for child in owner.children] == [2, 2, 1, 1]
    assert [child.alike(_extension) for child in owner.children] == [1, 1, 2, 2]


def test_nodes_are_freed_without_the_garbage_collector() -> None:
    gc.disable()
    try:
        owner = owner_of('<id root="1"/>', '<id root="2"/>')
        assert [child.alike(root) for child in owner.children] == [1, 1]
        seen = ref(owner.children[0])
        del owner
        assert seen() is None
    finally:
        gc.enable()


def _extension(node: Node) -> str:
    return node["extension"]
