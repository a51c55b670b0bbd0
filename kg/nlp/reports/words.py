"""Closed word lists of the figure-to-trigger rules: function words and count nouns, no event vocabulary."""

COUNT_NOUNS = frozenset({"number", "total", "toll", "figure", "count", "tally", "majority", "group", "convoy", "rest"})
REACH = frozenset(
    "reach hit top exceed pass surpass rise climb increase jump grow soar stand put be bring raise revise double "
    "drop fall decrease number total near approach estimate take push lift".split()
)
# Verbs whose subject is itself the count: "deaths could reach 100".
RISES = frozenset("rise climb jump grow soar reach hit top exceed pass surpass stand number total near fall".split())
CARRIERS = frozenset(
    "convoy bus ambulance boat ship ferry helicopter plane aircraft train truck vehicle car vessel flight lorry "
    "fleet coach".split()
)
COMPRISING = ("comprising", "comprised of", "consisting of", "representing")
JOINERS = (
    "and",
    "as well as",
    "or",
    "plus",
    ",",
    "another",
    "comprising",
    "comprised of",
    "consisting of",
    "representing",
)
PARTITIVES = ("of them", "of whom", "of which", "of those", "of these")
LISTING = frozenset({",", "and", "including", "among", "them", "as", "well", "also", "-", "–", "—", "some"})
NO_PEOPLE = frozenset("it this that which what nothing something anything everything itself".split())
LEFT_BEHIND = frozenset(
    "home house village town city area building property island premise campus school office embassy".split()
)
BETWEEN = frozenset("feared believed confirmed to still of which whom them given orders".split())
NUMBERING = frozenset({"number", "total"})  # verbs: "displaced persons numbered 613,000"
REACH_BACK = 22  # tokens between two figures of one list; longer lists of counts are rare in news
FEWEST = 20  # a bare number beside a weak trigger is people from here on: smaller ones count days, places, vehicles
HARMED_WITH = frozenset(
    "leave take rush bring transport admit treat hospitalise hospitalize survive escape remain be list count receive"
    " report".split()
)
MULTIPLIES = frozenset({"double", "triple", "treble", "quadruple"})
UNCHANGED = frozenset({"hurt"})  # past participle like the present: "dozens hurt in quake"
NEGATED = frozenset({"not", "n't", "n’t", "never"})
CAUSATIVES = frozenset("leave kill see find make report confirm declare pronounce get have go remain".split())
# Nouns that tell of the event by themselves; "the massacre" without a number tells of one named elsewhere.
BARE_NOUNS = frozenset(
    "evacuation relocation airlift displacement casualty injury body corpse fatality abduction kidnapping".split()
)
CONDUCTS = frozenset(
    "stop begin start conduct carry complete launch resume suspend organise organize oversee order halt".split()
)
ISSUES = frozenset({"issue", "give", "lift", "announce", "impose", "extend"})
IDIOMS = frozenset(
    "halt end stop standstill attention justice court life table book light".split()
)  # "brought to a halt"
PROCESSES = frozenset("order process operation effort plan warning advisory mission drive".split())
