"""The openings that the made companies have: titles with their traps, places, pay."""

from __future__ import annotations

from dataclasses import replace

from tests.boards.nouns import Opening, Pay, Place

BERLIN = Place("Berlin", "Berlin", "Germany", "DE")
MUNICH = Place("Munich", "Bavaria", "Germany", "DE")
PARIS = Place("Paris", "Île-de-France", "France", "FR")
AUSTIN = Place("Austin", "Texas", "United States", "US")
BOSTON = Place("Boston", "Massachusetts", "United States", "US")
LEEDS = Place("Leeds", "England", "United Kingdom", "GB")
OSLO = Place("Oslo", "Oslo", "Norway", "NO")
MADRID = Place("Madrid", "Madrid", "Spain", "ES")
TORONTO = Place("Toronto", "Ontario", "Canada", "CA")

BODY = (
    "<p>We make anvils that last for generations, and the software that tells smiths when to strike. You will join a small "
    "team that ships every week, reviews each other’s work kindly and writes things down.</p><h3>What you will do</h3><ul>"
    "<li>Own a part of the forge from the first sketch to the last hammer blow</li><li>Talk with smiths, sellers and the "
    "people who carry anvils up stairs</li><li>Leave every workshop tidier than you found it</li></ul><h3>What we offer</h3>"
    "<ul><li>30 days of holiday</li><li>A yearly learning stipend of $500 and a $1,000 home office budget</li><li>A company "
    "hybrid car pool; our product runs in hybrid clouds</li><li>Customers from anywhere in the world</li></ul>"
)

_ALL = (
    Opening("", "Senior Backend Engineer", BERLIN, "hybrid", "Engineering", seniority="senior", age=2),
    Opening("", "Product Designer", PARIS, "onsite", "Design", seniority="", age=5),
    Opening("", "Account Executive, DACH", MUNICH, "hybrid", "Sales", seniority="", age=9),
    Opening("", "Staff Data Engineer", AUSTIN, "remote", "Data", seniority="staff", pay=Pay(180000, 220000, "USD", "year"), age=12),
    Opening("", "Engineering Manager, Payments", BOSTON, "onsite", "Engineering", seniority="manager", age=1),
    Opening("", "Marketing Intern", LEEDS, "onsite", "Marketing", "internship", seniority="intern", age=20),
    Opening("", "Contracts Counsel", BOSTON, "onsite", "Legal", seniority="", age=33),
    Opening("", "Chief of Staff", OSLO, "onsite", "Operations", seniority="", age=15),
    Opening("", "Freelance Copywriter", MADRID, "remote", "Marketing", "contract", seniority="", contract=True, age=7),
    Opening("", "Warehouse Associate", LEEDS, "onsite", "Logistics", "part_time", seniority="", age=40,
            pay=Pay(14, 16, "GBP", "hour")),
    Opening("", "VP of Sales", TORONTO, "hybrid", "Sales", seniority="vp", age=60),
    Opening("", "Junior Data Analyst", BERLIN, "hybrid", "Data", seniority="entry", age=11),
    Opening("", "Principal Security Engineer", TORONTO, "remote", "Engineering", seniority="principal", age=4),
    Opening("", "Customer Support Specialist", MADRID, "onsite", "Support", seniority="", age=25),
    Opening("", "Senior Accountant", PARIS, "onsite", "Finance", seniority="senior", age=90,
            pay=Pay(52000, 61000, "EUR", "year")),
    Opening("", "DevOps Engineer", OSLO, "remote", "Engineering", seniority="", age=6),
)  # fmt: skip


def pick(start: int, count: int, *, form: str = "{}", first: int = 4_000_000_000) -> tuple[Opening, ...]:
    """Some of them, with ids in the form of a vendor."""
    chosen = [(start * 3 + step * 5) % len(_ALL) for step in range(count)]
    return tuple(
        replace(_ALL[index], id=form.format(first + start * 1000 + step * 7), body=BODY, age=_ALL[index].age + step // len(_ALL))
        for step, index in enumerate(chosen)
    )


def uuid(number: int) -> str:
    """An id in the form of a UUID, always the same for a number."""
    digits = f"{number * 2654435761 % 16**12:012x}{number * 40503 % 16**8:08x}{number:012x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


def with_uuids(openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
    """The same with UUIDs in place of numbers."""
    return tuple(replace(one, id=uuid(int("".join(char for char in one.id if char.isdigit())))) for one in openings)
