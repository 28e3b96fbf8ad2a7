"""Hosts as people and pages write them, and what a browser makes of them."""

# What a browser makes of a host (https://url.spec.whatwg.org/#host-parsing); a test of pages behind the fence
# compares these with Chromium itself.
HOSTS = {
    "EXAMPLE.com.": "example.com",
    "127.0.0.1": "127.0.0.1",
    "127.1": "127.0.0.1",
    "127.0.1": "127.0.0.1",
    "2130706433": "127.0.0.1",
    "0x7f000001": "127.0.0.1",
    "0x7f.1": "127.0.0.1",
    "0X7F.0x0.0.01": "127.0.0.1",
    "0177.0.0.1": "127.0.0.1",
    "017700000001": "127.0.0.1",
    "127.0.0.1.": "127.0.0.1",
    "0": "0.0.0.0",
    "0x": "0.0.0.0",
    "%31%32%37.0.0.1": "127.0.0.1",
    "１２７.0.0.1": "127.0.0.1",
    "①②⑦.⓪.⓪.①": "127.0.0.1",
    "127。0。0。1": "127.0.0.1",
    "[::1]": "::1",
    "[::ffff:7f00:1]": "127.0.0.1",
    "[0:0::FFFF:127.0.0.1]": "127.0.0.1",
    "Bücher.example": "xn--bcher-kva.example",
    "ｌｏｃａｌｈｏｓｔ": "localhost",
    "lo%63alhost": "localhost",
    "a_b.example": "a_b.example",
}
NO_HOSTS = [
    *("", ".", "a..b", "256.0.0.1", "1.2.3.4.5", "0x7g.1", "09.0.0.1", "127.0.0.0x100", "99999999999", "a b", "a/b", "a@b"),
    *("a%00b", "[::1", "[::1%25lo]", "[1.2.3.4]", "x" * 64 + ".example", "a\tb", "a<b", "a^b", "a|b"),
]
