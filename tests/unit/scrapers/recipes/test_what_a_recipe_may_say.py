"""Recipes as files: what is good, and for everything else an error with the line, the key and what was probably meant."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.domain.errors import BadRecipe, NotFound
from livepane.scrapers.contract import ScrapeError
from livepane.scrapers.media.recipe import aim
from livepane.scrapers.media.recipes import css, lines, templates
from livepane.scrapers.media.recipes.book import INCLUDED, Book
from livepane.scrapers.media.recipes.model import Recipe
from livepane.scrapers.media.recipes.reading import of_text, of_value, read

HEAD = 'name = "shelf"\nabout = "A shelf."\n'  # lines 1 and 2


def faults(text: str, name: str = "shelf.toml") -> list[str]:
    """What is wrong with the content of a file, a line for each thing."""
    with pytest.raises(BadRecipe) as raised:
        of_text(text.encode(), name, toml=name.endswith("toml"))
    return raised.value.message.splitlines()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('abuot = "x"', "shelf.toml:3: the recipe has no key 'abuot'; did you mean 'about'?"),
        ('[[steps]]\nclik = "a"', "shelf.toml:4: step 1 has no key 'clik'; did you mean 'click'?"),
        ('[[steps]]\nsay = "x"', "step 1 does not say what to do; it needs one of fill, choose, click, press, wait"),
        ('[[steps]]\nclick = "a"\nwait = "b"', "shelf.toml:5: step 1, a click step, has 'wait' as well"),
        ('[[steps]]\nfill = "a"', "shelf.toml:3: step 1 has no 'value', and needs one"),
        ('[[steps]]\nfill = "a"\nvalue = "{usr}"', "shelf.toml:5: value of step 1 = '{usr}': {usr} is not known here; did you mean {user}?"),
        ('[[steps]]\nclick = "a"\nseconds = "10"', "shelf.toml:5: seconds of step 1 = '10': it has to be a valid number"),
        ('[[steps]]\nclick = "a"\nseconds = 3000', "shelf.toml:5: seconds of step 1 = 3000: it has to be less than or equal to 300"),
        ('steps = [\n  { click = "a" },\n  { click = 3 },\n]', "shelf.toml:5: click of step 2 = 3: it has to be text"),
        ('[cards]\nselector = "a["', "shelf.toml:4: cards.selector = 'a[': it is no CSS selector"),
        ('[cards]\nselector = "//div"', "it is XPath, and no CSS"),
        ('[cards]\nselector = "a"\nname = "{file!r}"', "shelf.toml:5: cards.name = '{file!r}': {file!r} is no place to fill"),
        ('[cards]\nselektor = "a"', "shelf.toml:4: cards has no key 'selektor'; did you mean 'selector'?"),
        ('[cards]\nselector = "a"\n[more]', "more: it needs either scroll = true or next"),
        ('[more]\nscroll = true', "there is no [cards]"),
        ('start = "file:///etc/passwd"', "shelf.toml:3: start = 'file:///etc/passwd': only http:// and https:// are opened"),
        ('start = "javascript:alert(1)"', "only http:// and https:// are opened"),
        ('start = "https://{user}.example.org/"', "its host is missing, is to be filled"),
        ('dismiss = ["a", "b c >> d"]', "shelf.toml:3: dismiss, number 2 = 'b c >> d': '>>' is no CSS"),
        ('script = "alert(1)"', "the recipe has no key 'script'"),
        ("steps = [", "it is no TOML"),
        ('name = "other"', "it is no TOML: Cannot overwrite a value"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line_and_what_was_probably_meant(text: str, fault: str) -> None:
    assert any(fault in said for said in faults(HEAD + text)), faults(HEAD + text)


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_file() -> None:
    said = faults(HEAD + 'x = 1\n[[steps]]\nfill = "a"\n[cards]\nselector = ","\n')
    assert [line.partition(": ")[0] for line in said] == ["shelf.toml:3", "shelf.toml:4", "shelf.toml:7"]


def test_json_has_the_same_errors_with_their_lines() -> None:
    text = '{"name": "shelf",\n "about": "A shelf.",\n "steps": [{"press": "Entr",\n            "at": "a"}]\n}'
    assert faults(text, "shelf.json") == [
        "shelf.json:3: press of step 1 = 'Entr': it has to be 'Enter', 'Tab', 'Escape', 'Space', 'ArrowDown' or 'End'"
    ]
    assert faults('{"name": "shelf",\n}', "shelf.json")[0].startswith("shelf.json:2: it is no JSON")
    assert faults('{"name": "shelf", "name": "x"}', "shelf.json") == ["shelf.json: the key 'name' is there twice"]
    assert faults("[1]", "shelf.json") == ["shelf.json: it is no table of keys and values"]


@pytest.mark.parametrize(("name", "fault"), [("no.toml", "No such file"), ("a.yaml", "a recipe is a .toml or a .json file")])
def test_a_file_that_is_none_is_named(tmp_path: Path, name: str, fault: str) -> None:
    (tmp_path / "a.yaml").write_text("name: x")
    with pytest.raises(BadRecipe, match=fault) as raised:
        read(tmp_path / name)
    assert str(tmp_path / name) in raised.value.message


def test_bytes_that_are_no_text_and_files_that_never_end_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(HEAD.encode() + b"x = '\xff'")
    with pytest.raises(BadRecipe, match=r"a\.toml:3: it is no UTF-8 text"):
        read(tmp_path / "a.toml")
    (tmp_path / "b.toml").write_bytes(b"#" * 300_000)
    with pytest.raises(BadRecipe, match="larger than 262,144 bytes"):
        read(tmp_path / "b.toml")


@given(st.text() | st.text(alphabet="[]{}\"'=.,#\n\\ aé0"))
def test_any_text_is_a_recipe_or_one_kind_of_error(text: str) -> None:
    for name in ("shelf.toml", "shelf.json"):
        with suppress(BadRecipe):
            of_text(text.encode("utf-8", "surrogatepass"), name, toml=name.endswith("toml"))


VALUES = st.recursive(
    st.integers() | st.booleans() | st.text(alphabet="ab]}#\"'\\\n=,"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="ab.= #]", min_size=1), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(alphabet='ab.= "', min_size=1), VALUES, max_size=4))
def test_every_value_of_a_json_file_has_its_line(value: dict[str, Any]) -> None:
    text = json.dumps(value, indent=1)
    places = lines.of_json(text)
    rows = text.split("\n")

    def walk(part: Any, place: lines.Place) -> None:
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
            here = rows[places[(*place, key)] - 1].strip()
            assert here.startswith(json.dumps(key) + ":" if isinstance(part, dict) else json.dumps(inner)[:1])
            walk(inner, (*place, key))

    walk(value, ())


def test_every_way_to_write_toml_has_its_lines() -> None:
    text = '# x\n"a b" = """\n[no]\n"""\nc.d = 1\nsteps = [ # ]\n  { x = "}" },\n  { y = [1,\n 2] },\n]\n[t]\n[[t.u]]\nv = 1\n[[t.u]]\nv = \'#\'\n[t.u.w]\nz = 1979-05-27\n'
    tomllib.loads(text)
    places = lines.of_toml(text)
    expected = {("a b",): 2, ("c", "d"): 5, ("steps", 0, "x"): 7, ("steps", 1, "y", 1): 9, ("t",): 11, ("t", "u", 1, "v"): 15, ("t", "u", 1, "w", "z"): 17}  # fmt: skip
    assert {place: places[place] for place in expected} == expected


@pytest.mark.parametrize(
    "selector",
    ["*", "#a > b.c + d ~ e", "li:nth-child(2n + 1) a", "a[href^='x' i], a[download]", ":is(a, b):not(.c, d)", "li:has(> img)",
     ".\\31 23", "li:nth-child(2 of .x)", ":root", "ünï.çlass", "a:lang(de)", "[title='a >> b']"],
)  # fmt: skip
def test_what_is_css_is_taken(selector: str) -> None:
    css.check(selector)


@pytest.mark.parametrize(
    "selector",
    ["", " ", ",a", "a,", "a >", "> a", "a[", "a[x=]", "a[x=1]", "a::before", "a:not()", "a..b", "a#", "1a", "a)", "a!b", "a:hover()",
     "text=x", "xpath=//a", "//a", "a:has-text('x')", "a >> b", "div:nth-child(x)", "a:visble", "a" * 501],
)  # fmt: skip
def test_what_is_no_css_is_refused(selector: str) -> None:
    with pytest.raises(ValueError, match=r"CSS|allowed"):
        css.check(selector)


@given(st.text(alphabet="ab.#[]()=:>+~*, '\"\\-_1é"))
def test_any_text_is_a_selector_or_one_kind_of_error(text: str) -> None:
    with suppress(ValueError):
        css.check(text)


def recipe(**parts: Any) -> Recipe:
    """A recipe with these parts."""
    return of_value({"name": "shelf", "about": "A shelf.", **parts}, "shelf")


TAKES_USER = recipe(start="https://example.org/of/{user}", steps=[{"fill": "#name", "value": "{user}"}])


@pytest.mark.parametrize(
    ("target", "options", "url", "user"),
    [
        ("anna", {}, "https://example.org/of/anna", "anna"),
        ("anna", {"user": "anna"}, "https://example.org/of/anna", "anna"),
        ("a/../ü?&#", {}, "https://example.org/of/a%2F..%2F%C3%BC%3F%26%23", "a/../ü?&#"),
        ("javascript:alert(1)", {}, "https://example.org/of/javascript%3Aalert%281%29", "javascript:alert(1)"),
        ("https://mirror.example/x", {"user": "{user}"}, "https://mirror.example/x", "{user}"),
        ("mirror.example", {"user": "anna"}, "https://mirror.example/", "anna"),
    ],
)
def test_a_target_is_an_address_or_a_user_name(target: str, options: dict[str, str], url: str, user: str) -> None:
    begin = aim(TAKES_USER, target, options)
    assert (begin.url, begin.user) == (url, user)


@pytest.mark.parametrize(
    ("taken", "target", "options", "code", "said"),
    [
        (TAKES_USER, "https://example.org/", {}, "bad_target", "needs a user name beside the address"),
        (TAKES_USER, "ftp://x/", {"user": "anna"}, "refused_target", "neither http"),
        (TAKES_USER, "a\x00b", {}, "bad_target", "control characters"),
        (TAKES_USER, "x" * 201, {}, "bad_target", "has 201 characters"),
        (TAKES_USER, "..", {}, "bad_target", "'..' is none"),
        (recipe(), "example.org", {"user": "anna"}, "bad_target", "takes no user name"),
        (recipe(), "file:///etc/passwd", {}, "refused_target", "neither http"),
        (recipe(steps=[{"fill": "a", "value": "{user}"}]), "anna", {}, "bad_target", "says no start"),
    ],
)
def test_a_target_that_does_not_fit_is_named(taken: Recipe, target: str, options: dict[str, str], code: str, said: str) -> None:
    with pytest.raises(ScrapeError, match=said) as raised:
        aim(taken, target, options)
    assert raised.value.code == code


@given(st.text(min_size=1, max_size=50))
def test_a_user_name_is_one_segment_of_an_address_and_nothing_else(user: str) -> None:
    try:
        name = templates.user_name(user)
    except ScrapeError:
        return
    filled = templates.address("https://example.org/of/{user}/all", name)
    assert filled.startswith("https://example.org/of/")
    assert filled.count("/") == 5
    assert not set(filled) & set('?#\\ "<>')


def test_a_recipe_is_found_by_its_name_and_a_text_is_never_a_path(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(HEAD.replace("shelf", "mine"))
    (tmp_path / "fastdl.json").write_text('{"name": "fastdl", "about": "My own."}')
    (tmp_path / "gallery.toml").write_text('name = "gallery"\nabout = "Not this."')
    (tmp_path / "wrong.toml").write_text('name = "other"\nabout = "x"')
    book = Book(tmp_path)
    assert {one.name: one.included for one in book.all()} == {"fastdl": False, "gallery": True, "mine": False, "wrong": False}
    assert [one.name for one in book.all() if one.error] == ["wrong"]
    assert book.find("mine").name == "mine"
    assert book.load("fastdl").about == "My own."
    assert book.load("gallery").about != "Not this."
    assert book.load(tmp_path / "mine.toml").name == "mine"
    with pytest.raises(NotFound, match="there is no recipe 'fastdle'; did you mean 'fastdl'"):
        book.find("fastdle")
    with pytest.raises(BadRecipe, match="call both the same"):
        book.find("wrong")
    for path in (str(tmp_path / "mine.toml"), "../mine", "mine.toml", "/etc/passwd", ""):
        with pytest.raises(ScrapeError, match="there is no recipe") as raised:
            book.load(path)
        assert raised.value.code == "bad_recipe"


def test_a_recipe_comes_through_json_as_it_is() -> None:
    for path in INCLUDED.glob("*.toml"):
        one = read(path)
        assert of_value(json.loads(json.dumps(one.as_json())), "a job") == one
    with pytest.raises(ScrapeError, match="step 1 has no key 'clik'") as raised:
        Book().load({"name": "a", "about": "b", "steps": [{"clik": "x"}]})
    assert raised.value.code == "bad_recipe"
