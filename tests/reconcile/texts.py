"""A dozen made-up articles with known truth, to be read from their words: updates, rivals, copies, names twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Text:
    """One article. `event`: number of the event that it tells; `rivals`: numbers that contradict each other."""

    name: str
    published: date
    event: int
    body: str
    rivals: frozenset[int] = frozenset()


MAY = [date(2020, 5, day) for day in range(1, 32)]
COPY = "Floods have killed 19 people in Patna since Monday, the Bihar Disaster Management Authority said on Tuesday."
TEXTS = (
    Text("patna-1", MAY[3], 1, "Floods killed 12 people in Patna on Monday, police said."),
    Text("patna-2", MAY[4], 1, f"{COPY} Rescuers evacuated 600 people from Patna."),
    Text("patna-3", MAY[4], 1, f"{COPY} Schools in Patna were closed."),
    Text("hyderabad-sindh", MAY[9], 2, "A bomb killed eight people in Hyderabad, Pakistan, on Sunday, police said."),
    Text("hyderabad-deccan", MAY[9], 3, "A fire killed five people in Hyderabad, India, on Sunday, officials said."),
    Text("goma-1", MAY[14], 4,
         "The army said 3,000 people were evacuated from Goma on Friday after the eruption of the volcano. "
         "The Red Cross said 8,000 people were evacuated from Goma on Friday.", frozenset({3000, 8000})),
    Text("goma-2", MAY[15], 4,
         "Authorities evacuated 9,500 people from Goma after the eruption of the volcano, the Red Cross said. "
         "The number of people evacuated could reach 20,000, the governor said."),
    Text("tacloban-1", MAY[19], 5,
         "Typhoon Ambo killed 40 people in Tacloban, including 11 children, the Philippine Red Cross said."),
    Text("tacloban-2", MAY[20], 5, "Typhoon Ambo killed 52 people in Tacloban, the Philippine Red Cross said."),
    Text("tripoli-1", MAY[24], 6,
         "Muammar Gaddafi said in a televised speech that the rebels would be hunted down like rats. "
         "Fighting killed 30 people in Tripoli, Libya, on Sunday, doctors said."),
    Text("tripoli-2", MAY[24], 6,
         "In a televised speech, Moammar Qaddafi said that the rebels would be hunted like rats. "
         "Fighting killed 30 people in Tripoli, Libya, on Sunday, medics said."),
    Text("tripoli-lebanon", MAY[24], 7, "An accident killed three people in Tripoli, Lebanon, on Sunday, police said."),
)  # fmt: skip
