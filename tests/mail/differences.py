# SPDX-License-Identifier: ISC
"""Why the reader and another parser read a field of a mail differently.

Each rule is a name, which differences.md explains, and a question: is this
difference of that kind?  The first that says yes gives the reason.
"""
import re

BOXES = ("from", "to", "cc")


def squeezed(text):
    return re.sub(r"[\s\x00\ufeff\ufffd]+", "", text or "")


def ascii_only(text):
    return re.sub(r"[^\x21-\x7e]+", "", text or "")


def leaves(mail):
    return [p for p in mail["parts"] if not p.get("in_text")]


def odd_leaf(d):
    """The first pair of parts that differs."""
    for a, b in zip(leaves(d.ours), leaves(d.theirs)):
        if a["type"] != b["type"] or squeezed(a["name"]) != squeezed(b.get("name")):
            return a, b
        if "text" in a and "text" in b:
            if squeezed(a["text"]) != squeezed(b["text"]):
                return a, b
        elif b.get("size") is not None and a["size"] != b["size"]:
            return a, b
    return None


class Difference:
    def __init__(self, name, field, raw, ours, theirs, others):
        self.name, self.field, self.raw = name, field, raw
        self.ours, self.theirs, self.others = ours, theirs, others

    def has(self, defect):
        return defect in self.ours["defects"]

    def mine(self):
        return self.ours[self.field.split("-")[0]]

    def other(self):
        return self.theirs[self.field.split("-")[0]]

    def header(self, name):
        head = re.split(rb"\r?\n\r?\n", self.raw, maxsplit=1)[0]
        found = re.search(rb"(?ims)^" + name.encode() + rb"[ \t]*:(.*?)(?=^\S|\Z)", head)
        return found.group(1).decode("latin-1") if found else ""


def utf7(d):
    return d.has("utf-7") and ("+A" in str(d.mine()) or "+" in str(d.mine()))


def eight_bit_header(d):
    """Theirs has U+FFFD or surrogates, ours characters."""
    text = re.sub(r"\\+ufffd|\\+u[0-9a-f]{4}", "", str(d.other()))
    return d.field in BOXES + ("subject",) and ascii_only(str(d.mine())) == ascii_only(text)


def eight_bit_name(d):
    return d.field == "parts-name" and (pair := odd_leaf(d)) and \
        ascii_only(pair[0]["name"]) == ascii_only(pair[1]["name"]) and pair[0]["name"] != ""


def word_without_at(d):
    return d.field in BOXES and len(d.mine()) == len(d.other()) and all(
        a == b or squeezed("".join(a)) == squeezed("".join(b)).strip("\"")
        and "@" not in b[1] and not a[1]
        for a, b in zip(d.mine(), d.other()))


def name_in_comment(d):
    header = d.header(d.field)
    return d.field in BOXES and "(" in header and \
        [a for _, a in d.mine() if "@" in a] == [re.sub(r"\s", "", a) for _, a in d.other() if "@" in (a or "")]


def every_field(d):
    return d.field in BOXES and d.has("duplicate-header") | d.has("duplicate-from") and \
        len(d.mine()) > len(d.other())


def empty_mailbox(d):
    """Legacy lists a mailbox without anything for ", ," and for empty groups."""
    return d.field in BOXES and d.mine() == [b for b in d.other() if any(b)]


def no_parts_is_text(d):
    if not (d.has("boundary-not-found") or d.has("missing-boundary")):
        return False
    return any(p["type"].startswith("multipart/") for p in leaves(d.theirs)) or \
        d.field == "parts-number" and len(leaves(d.theirs)) < len(leaves(d.ours))


def safe_name(d):
    return d.field == "parts-name" and (pair := odd_leaf(d)) and d.has("unsafe-filename") and \
        pair[1]["name"][-8:] == pair[0]["name"][-8:]


def text_charset(d):
    return d.field == "parts-text" and (pair := odd_leaf(d)) and "text" in pair[1] and (
        d.has("bad-charset") or pair[0]["type"] == "text/rfc822-headers" or
        ascii_only(pair[0]["text"]) == ascii_only(pair[1]["text"]))


def encoded_mail(d):
    inner = re.search(rb"(?i)content-type:\s*message/rfc822", d.raw)
    return d.field.startswith("parts") and inner and re.search(
        rb"(?i)content-transfer-encoding:\s*(base64|quoted-printable)", d.raw) and \
        len(leaves(d.ours)) != len(leaves(d.theirs))


def bad_base64(d):
    return d.field in ("parts-size", "parts-text", "parts-type") and \
        re.search(rb"(?i)content-transfer-encoding:[ \t]*base64", d.raw) and \
        (d.has("bad-base64") or (pair := odd_leaf(d)) and pair[0]["type"] == pair[1]["type"])


def bad_line(d):
    return d.has("bad-header-line") or d.has("blank-before-colon")


def trailing_blanks(d):
    return d.field == "parts-size" and (pair := odd_leaf(d)) and "text" in pair[0]


def name_unquoted(d):
    return d.field == "parts-name" and (pair := odd_leaf(d)) and pair[1]["name"] and \
        pair[0]["name"].startswith(pair[1]["name"] + " ")


def name_undecoded(d):
    return d.name.startswith("email") and d.field == "parts-name" and (pair := odd_leaf(d)) and \
        ("=?" in pair[1]["name"] or not pair[1]["name"])


def word_undecoded(d):
    return d.name.startswith("email") and "=?" in str(d.other()) and "=?" not in str(d.mine())


def stands_alone(d):
    rest = [o for n, o in d.others.items() if o and n.split("-")[0] != d.name.split("-")[0]]
    return any(o[d.field.split("-")[0]] == d.mine() for o in rest) if not d.field.startswith("parts") else False


def null_address(d):
    return d.field in BOXES and [b if b[1] != "<>" else [b[0], ""] for b in d.other()] == d.mine()


def zone_name(d):
    return d.field == "date" and d.mine() is not None and re.search(r"\b[A-Z]{3,4}\s*$", d.header("date"))


def year_from_1900(d):
    return d.field == "date" and re.search(r"\b01\d\d\b", d.header("date"))


def odd_id(d):
    header = d.header(d.field.replace("_", "-"))
    return d.field in ("message_id", "in_reply_to", "references") and \
        ("<" not in header or header.count("@") > header.count("<"))


def address_guess(d):
    return d.field in BOXES and (
        d.has("bad-address") or len(d.other()) == 0 or
        [squeezed("".join(b)) for b in d.mine()] ==
        [squeezed("".join(b)).replace("\"", "") for b in d.other()])


def type_guess(d):
    pair = odd_leaf(d)
    return d.field == "parts-type" and (d.has("bad-content-type") or pair and " " in pair[1]["type"])


def duplicate_type(d):
    return d.field.startswith("parts") and d.has("duplicate-header")


def nested_boundaries(d):
    return d.field == "parts-number" and (
        d.has("boundary-conflict") or d.name == "gmime" and d.has("boundary-not-closed"))


def empty_parts(d):
    return d.field == "parts-number" and \
        len([p for p in leaves(d.ours) if p["size"]]) == len([p for p in leaves(d.theirs) if p["size"] != 0])


def no_header_no_text(d):
    return d.name == "gmime" and d.field == "parts-text" and (pair := odd_leaf(d)) and \
        pair[0]["text"] and not pair[1]["text"]


def bad_word(d):
    return d.has("bad-encoded-word")


def boundary_unquoted(d):
    """The default policy reads no boundary from a parameter it finds fault with."""
    return d.name == "email" and d.field == "parts-number" and \
        any(p["type"].startswith("multipart/") for p in leaves(d.theirs))


RULES = [
    ("null-address", null_address),
    ("zone-name", zone_name),
    ("year-from-1900", year_from_1900),
    ("odd-id", odd_id),
    ("type-guess", type_guess),
    ("duplicate-type", duplicate_type),
    ("nested-boundaries", nested_boundaries),
    ("boundary-unquoted", boundary_unquoted),
    ("utf-7", utf7),
    ("every-field", every_field),
    ("empty-mailbox", empty_mailbox),
    ("word-without-at", word_without_at),
    ("word-undecoded", word_undecoded),
    ("eight-bit-header", eight_bit_header),
    ("eight-bit-name", eight_bit_name),
    ("name-in-comment", name_in_comment),
    ("no-parts-is-text", no_parts_is_text),
    ("safe-name", safe_name),
    ("name-undecoded", name_undecoded),
    ("name-unquoted", name_unquoted),
    ("text-charset", text_charset),
    ("encoded-mail", encoded_mail),
    ("bad-header-line", bad_line),
    ("bad-base64", bad_base64),
    ("trailing-blanks", trailing_blanks),
    ("no-header-no-text", no_header_no_text),
    ("empty-parts", empty_parts),
    ("bad-word", bad_word),
    ("address-guess", address_guess),
    ("stands-alone", stands_alone),
]


def reason(name, field, raw, ours, theirs, others):
    d = Difference(name, field, raw, ours, theirs, others)
    for rule, holds in RULES:
        if holds(d):
            return rule
    return ""
