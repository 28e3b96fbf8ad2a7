"""What a recipe may say: its whole language, as models that check one and give its JSON schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from livepane.scrapers.media.recipes import css, templates

ROUNDS = 50  # scrolls or pages, when a recipe does not say
MOST_STEPS = 50


def _selector(value: str) -> str:
    css.check(value)
    return value


def _of_a_user(value: str) -> str:
    return templates.check(value, templates.OF_A_USER)


def _of_a_card(value: str) -> str:
    return templates.check(value, templates.OF_A_CARD)


Selector = Annotated[str, Field(min_length=1, max_length=css.LONGEST), AfterValidator(_selector)]
UserText = Annotated[str, Field(max_length=500), AfterValidator(_of_a_user)]
CardText = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_of_a_card)]
Address = Annotated[str, Field(max_length=2000), AfterValidator(templates.check_address)]
Attribute = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.:-]{0,60}$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Seconds = Annotated[float, Field(gt=0, le=300)]


class Part(BaseModel):
    """What all parts have in common: no key that means nothing, no value that is only nearly of its type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Step(Part):
    say: Annotated[
        str | None, Field(min_length=1, max_length=200, description="what people read meanwhile, such as Filling the user name")
    ] = None
    optional: Annotated[bool, Field(description="go on without it when its element does not come")] = False
    seconds: Annotated[Seconds | None, Field(description="how long it may take; 10, 3 if it is optional, 30 for wait")] = None


class Fill(_Step):
    """Writes a text into a field."""

    fill: Annotated[Selector, Field(description="CSS selector of the field")]
    value: Annotated[UserText, Field(description="what to write; {user} is the user name")]


class Choose(_Step):
    """Chooses an entry of a list."""

    choose: Annotated[Selector, Field(description="CSS selector of the list, a select element")]
    option: Annotated[UserText, Field(min_length=1, description="the text or the value of the entry; {user} is the user name")]


class Click(_Step):
    """Clicks on something."""

    click: Annotated[Selector, Field(description="CSS selector of the button or link")]


class Press(_Step):
    """Presses a key: for forms without a button."""

    press: Annotated[Literal["Enter", "Tab", "Escape", "Space", "ArrowDown", "End"], Field(description="the key")]
    at: Annotated[Selector, Field(description="CSS selector of what has the keyboard then")]


class Wait(_Step):
    """Waits until something is seen."""

    wait: Annotated[Selector, Field(description="CSS selector of what is to come")]
    nothing: Annotated[
        Selector | None, Field(description="CSS selector of what is seen instead when the site has nothing: ends as not_found")
    ] = None
    refusal: Annotated[
        Selector | None, Field(description="CSS selector of what is seen instead when the site refuses: ends as blocked")
    ] = None


VERBS = ("fill", "choose", "click", "press", "wait")
Step = Fill | Choose | Click | Press | Wait


def _verb(step: Any) -> str | None:
    keys = step if isinstance(step, dict) else vars(step) if isinstance(step, Part) else ()
    return next((verb for verb in VERBS if verb in keys), None)


AnyStep = Annotated[
    Annotated[Fill, Tag("fill")]
    | Annotated[Choose, Tag("choose")]
    | Annotated[Click, Tag("click")]
    | Annotated[Press, Tag("press")]
    | Annotated[Wait, Tag("wait")],
    Discriminator(_verb),
]


class Cards(Part):
    """The results: one card an item, and where in it things are."""

    selector: Annotated[Selector, Field(description="CSS selector of the cards")]
    link: Annotated[
        Selector | None, Field(description="CSS selector, in a card, of the link to the file in its best quality")
    ] = None
    link_attribute: Annotated[Attribute, Field(description="the attribute of that link with the address")] = "href"
    image: Annotated[
        Selector | None,
        Field(description="CSS selector, in a card, of the picture or video; its best version is looked for"),
    ] = None
    title: Annotated[Selector | None, Field(description="CSS selector, in a card, of its title")] = None
    key: Annotated[
        Literal["address", "file"],
        Field(
            description="what an item is known by in later runs: its address without sizes and signatures or, where addresses"
            " change from day to day, the name of the file in it"
        ),
    ] = "address"
    id: Annotated[
        Attribute | None,
        Field(description="attribute of the card that an item is known by instead; the file behind it is the same"),
    ] = None
    name: Annotated[
        CardText | None,
        Field(description="what files are called, of {user} {number} {title} {id} {file}; without it: as their address says"),
    ] = None


class More(Part):
    """How to come to further cards: by scrolling, or by a link or button."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["scroll"]}, {"required": ["next"]}]})

    scroll: Annotated[Literal[True] | None, Field(description="scroll down until no more cards come")] = None
    next: Annotated[Selector | None, Field(description="CSS selector of the link or button; the end is where there is none")] = (
        None
    )
    most: Annotated[int, Field(ge=1, le=10_000, description="scrolls or pages at the most")] = ROUNDS
    seconds: Annotated[Seconds, Field(description="how long to wait for more before that is the end")] = 5.0

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.scroll is None) == (self.next is None):
            raise ValueError('it needs either scroll = true or next = "a selector"')
        return self


class Recipe(Part):
    """How to get at the media of one site."""

    model_config = ConfigDict(title="Recipe", json_schema_extra={"$schema": "https://json-schema.org/draft/2020-12/schema"})

    schema_: Annotated[str | None, Field(alias="$schema", description="for editors: where this schema is")] = None
    name: Annotated[Name, Field(description="what it is asked for by; its file is called the same")]
    about: Annotated[str, Field(min_length=1, max_length=300, description="one sentence for people")]
    start: Annotated[
        Address | None, Field(description="the page to open when only a user name is given; {user} is the user name")
    ] = None
    dismiss: Annotated[
        list[Selector],
        Field(max_length=20, description="CSS selectors of buttons that close banners, clicked whenever one is in the way"),
    ] = []
    steps: Annotated[list[AnyStep], Field(max_length=MOST_STEPS, description="what to do on the page, in order")] = []
    cards: Annotated[
        Cards | None, Field(description="the results; without it they are found as the gallery recipe finds them")
    ] = None
    more: Annotated[More | None, Field(description="how to come to further cards")] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.more is not None and self.cards is None:
            raise ValueError("more is about cards, and there is no [cards]; without cards, scrolling and paging go by themselves")
        return self

    @property
    def takes_user(self) -> bool:
        """Whether it needs a user name."""
        texts = [self.start, self.cards.name if self.cards else None]
        texts += [step.value if isinstance(step, Fill) else step.option for step in self.steps if isinstance(step, Fill | Choose)]
        return any("user" in templates.places(text) for text in texts if text)

    @property
    def generic(self) -> bool:
        """Whether its items are found without being told where they are."""
        return self.cards is None

    def as_json(self) -> dict[str, Any]:
        """As it would be written in JSON, without what is as usual: for a server that does not have its file."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def schema() -> dict[str, Any]:
    """The JSON schema of recipes."""
    made: dict[str, Any] = _untitled(Recipe.model_json_schema(by_alias=True))
    return {"$schema": made.pop("$schema"), "title": "A recipe of Livepane", **made}


def _untitled(part: Any) -> Any:
    """Without the titles that only repeat the names of keys."""
    if isinstance(part, dict):
        return {key: _untitled(value) for key, value in part.items() if not (key == "title" and isinstance(value, str))}
    return [_untitled(one) for one in part] if isinstance(part, list) else part
