"""What people, machines and attackers type: eighty strings, as the bytes that travel."""

SURROGATE = b"\xed\xa0\x80"
LONG = "あ" * (64 * 1024 // 3)

TEXTS: tuple[str, ...] = (
    # nothing, and what is nearly nothing
    "", " ", "　", "\t", "\r\n", "\u200b", "\ufeff",
    # characters that programs stumble over
    "\x00", "a\x00b", "\x1b[31m", "\x7f", "\x85", "\ufffe", "\u2028", "\u202egnp.exe",
    "\u2066山田\u2069",
    # letters that are more than one, rare, or half
    "👩‍👩‍👧‍👦", "𠮷野家", "葛\U000e0100城", "か\u3099くえん", "が", "ｶﾞｯｺｳ", "髙﨑", "\ufa19", "①㌔㍻",
    "e\u0301\u0301\u0301\u0301", "नमस्ते", "שלום",
    # numbers and dates
    "０５３７", "１２３", "٣", "-0", "−0", "0", "1e309", "NaN",
    "9" * 400, "99999999999999999999", "2147483648",
    "-9223372036854775809", "1.5", "0x10", "令和元年", "令和99年", "2026-02-30", "2/30",
    "24:00", "25:61", "0000-00-00", "9999-12-31", "10000-01-01",
    # ids
    "00000000-0000-0000-0000-000000000000", "{01930000-0000-7000-8000-000000000001}",
    "urn:uuid:01930000-0000-7000-8000-000000000001",
    # what another program would take as its own
    "=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7*7 }}{% now 'Y' %}", "%s%d%n", "${jndi:ldap://x}", "'; DROP TABLE accounts_user; --",
    "../../../passwd", "%0d%0aSet-Cookie: a=b", "a\r\nBcc: x@example.jp", "%00",
    "javascript:alert(1)",
    "//evil.example/", "\\\\evil\\x", "[予約](よやく)", "[a]((b)", "a" * 300, LONG,
)  # fmt: skip
STRINGS: tuple[bytes, ...] = (*(text.encode() for text in TEXTS), SURROGATE, b"a\xffb", b"\x83\x8b")


def seen(sent: bytes) -> str:
    """What a form was given: UTF-8, with a mark for what is none."""
    return sent.decode("utf-8", "replace")


# Files: what they are called, and what is in them.
NAMES = (
    "../../etc/passwd",
    "a\x00.pdf",
    "紙" * 200 + ".pdf",
    "👩‍👩‍👧‍👦.pdf",
    "x.php",
    'a".pdf',
    "%2e%2e%2f",
    ".pdf",
)
CONTENTS = (
    b"", b"%PDF-1.4", b"%PDF-" + b"\xff" * 2000, b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    b"\xff\xd8\xff\xe0broken",
    b"<svg onload='alert(1)'/>", b"<html><script>alert(1)</script>", b"GIF89a" + b"\xff" * 30,
    b"PK\x03\x04", b"\0",
)  # fmt: skip
