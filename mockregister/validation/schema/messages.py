"""The messages of level 1 by code, in the form that senders know from the register (facts 81 and 143).

Sender logs and the register's support search for these codes and sentences, so they are worded exactly as in Xerces. ``{0}``
is the element or value concerned; the other parameters depend on the sentence.
"""

from __future__ import annotations

XSI_ATTRIBUTES = "'type', 'nil', 'schemaLocation' or 'noNamespaceSchemaLocation'"

MESSAGES = {
    "UndeclaredPrefix": "Cannot resolve '{0}' as a QName: the prefix '{1}' is not declared.",
    "cvc-attribute.3": "The value '{2}' of attribute '{1}' on element '{0}' is not valid with respect to its type, '{3}'.",
    "cvc-complex-type.2.1": "Element '{0}' must have no character or element information item [children], because the "
    "type's content type is empty.",
    "cvc-complex-type.2.3": "Element '{0}' cannot have character [children], because the type's content type is element-only.",
    "cvc-complex-type.2.4.a": "Invalid content was found starting with element '{0}'. One of '{1}' is expected.",
    "cvc-complex-type.2.4.b": "The content of element '{0}' is not complete. One of '{1}' is expected.",
    "cvc-complex-type.2.4.d": "Invalid content was found starting with element '{0}'. No child element is expected at "
    "this point.",
    "cvc-complex-type.3.1": "Value '{2}' of attribute '{1}' of element '{0}' is not valid with respect to the "
    "corresponding attribute use. Attribute '{1}' has a fixed value of '{3}'.",
    "cvc-complex-type.3.2.2": "Attribute '{1}' is not allowed to appear in element '{0}'.",
    "cvc-complex-type.4": "Attribute '{1}' must appear on element '{0}'.",
    "cvc-datatype-valid.1.2.1": "'{0}' is not a valid value for '{1}'.",
    "cvc-datatype-valid.1.2.3": "'{0}' is not a valid value of union type '{1}'.",
    "cvc-elt.1": "Cannot find the declaration of element '{0}'.",
    "cvc-elt.3.1": "Attribute '{1}' must not appear on element '{0}', because the {{nillable}} property of '{0}' is false.",
    "cvc-elt.4.1": "The value '{2}' of attribute '{1}' of element '{0}' is not a valid QName.",
    "cvc-elt.4.2": "Cannot resolve '{1}' to a type definition for element '{0}'.",
    "cvc-elt.4.3": "Type '{1}' is not validly derived from the type definition, '{2}', of element '{0}'.",
    "cvc-enumeration-valid": "Value '{0}' is not facet-valid with respect to enumeration '{1}'. It must be a value from "
    "the enumeration.",
    "cvc-id.1": "There is no ID/IDREF binding for IDREF '{0}'.",
    "cvc-id.2": "There are multiple occurrences of ID value '{0}'.",
    "cvc-maxInclusive-valid": "Value '{0}' is not facet-valid with respect to maxInclusive '{1}' for type '{2}'.",
    "cvc-minInclusive-valid": "Value '{0}' is not facet-valid with respect to minInclusive '{1}' for type '{2}'.",
    "cvc-minLength-valid": "Value '{0}' with length = '{1}' is not facet-valid with respect to minLength '{2}' for type '{3}'.",
    "cvc-pattern-valid": "Value '{0}' is not facet-valid with respect to pattern '{1}' for type '{2}'.",
    "cvc-type.2": "The type definition cannot be abstract for element {0}.",
    "cvc-type.3.1.1": "Element '{0}' is a simple type, so it cannot have attributes, excepting those whose namespace "
    "name is identical to 'http://www.w3.org/2001/XMLSchema-instance' and whose [local name] is one of "
    f"{XSI_ATTRIBUTES}. However, the attribute, '{{1}}' was found.",
    "cvc-type.3.1.2": "Element '{0}' is a simple type, so it must have no element information item [children].",
    "cvc-type.3.1.3": "The value '{1}' of element '{0}' is not valid.",
}


def message(code: str, *names: object) -> str:
    """Return the sentence of a code, with the code before it as Xerces puts it."""
    return f"{code}: {MESSAGES[code].format(*names)}"
