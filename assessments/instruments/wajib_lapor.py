"""The ministry's assessment form for mandatory reports (wajib lapor), as a record and not as a measure.

It has no scores: days bothered, importance and money are not asked, so the composites of the ASI cannot be computed from
it. Its drug codes are shifted against those of the ASI (D2 is heroin here, d3 there); no item code is shared by the two.
"""

from assessments.instruments.asi import RELATIONS
from assessments.instruments.conditions import AnyOf, Is
from assessments.instruments.framework import Alert, Choice, Instrument, Item, Kind, Section, SkipWhen, yes_no
from assessments.instruments.texts import N_

DRUGS = {
    "d1": N_("Alcohol"),
    "d2": N_("Heroin"),
    "d3": N_("Methadone or buprenorphine"),
    "d4": N_("Other opiates"),
    "d5": N_("Barbiturates"),
    "d6": N_("Sedatives"),
    "d7": N_("Cocaine"),
    "d8": N_("Amphetamines"),
    "d9": N_("Cannabis"),
    "d10": N_("Hallucinogens"),
    "d11": N_("Inhalants"),
    "d12": N_("More than one substance a day"),
}
ROUTES = (
    Choice(1, N_("By mouth")),
    Choice(2, N_("Nasal, under the tongue or suppository")),
    Choice(3, N_("Smoked")),
    Choice(4, N_("Injected, not into a vein")),
    Choice(5, N_("Injected into a vein")),
)
OFFENCES = (
    N_("Shoplifting or vandalism"),
    N_("Breach of parole or probation"),
    N_("Drug charges"),
    N_("Forgery"),
    N_("Assault with a weapon"),
    N_("Burglary and theft"),
    N_("Robbery"),
    N_("Assault"),
    N_("Arson"),
    N_("Rape"),
    N_("Murder"),
    N_("Prostitution"),
    N_("Contempt of court"),
    N_("Other charges"),
)
LIVING = (
    N_("With partner and children"),
    N_("With partner only"),
    N_("With children only"),
    N_("With parents"),
    N_("With family"),
    N_("With friends"),
    N_("Alone"),
    N_("In a controlled environment"),
    N_("No stable arrangement"),
)
SYMPTOMS = (
    N_("Serious depression"),
    N_("Serious anxiety"),
    N_("Hallucinations"),
    N_("Trouble remembering or concentrating"),
    N_("Trouble controlling violence"),
    N_("Thoughts of suicide"),
    N_("Attempted suicide"),
    N_("Treated by a psychiatrist"),
)
THOUGHTS, ATTEMPT = 6, 7
SYSTEMS = {
    "x_digestive": N_("Digestive system"),
    "x_heart": N_("Heart and blood vessels"),
    "x_breathing": N_("Respiratory system"),
    "x_nerves": N_("Central nervous system"),
    "x_skin": N_("Ear, nose, throat and skin"),
}
PANEL = {
    "u_amp": N_("Amphetamine (AMP)"),
    "u_met": N_("Methamphetamine (MET)"),
    "u_thc": N_("Cannabis (THC)"),
    "u_bzo": N_("Benzodiazepine (BZO)"),
    "u_mop": N_("Opiates (MOP)"),
    "u_coc": N_("Cocaine (COC)"),
    "u_mdma": N_("Ecstasy (MDMA)"),
}
# Area of the conclusion → its name; the ASI has seven, alcohol and drugs apart.
AREAS = {
    "medical": N_("Medical"),
    "employment": N_("Work and support"),
    "drug": N_("Drugs"),
    "legal": N_("Legal"),
    "family": N_("Family and social"),
    "psychiatric": N_("Psychiatric"),
}
DIAGNOSES = (
    N_("F10 alcohol"),
    N_("F11 opioids"),
    N_("F12 cannabinoids"),
    N_("F13 sedatives or hypnotics"),
    N_("F14 cocaine"),
    N_("F15 other stimulants (sabu, ekstasi)"),
    N_("F16 hallucinogens"),
    N_("F17 tobacco"),
    N_("F18 volatile solvents"),
    N_("F19 multiple substances"),
)
STATES = (
    N_(".0 acute intoxication"),
    N_(".1 harmful use"),
    N_(".2 dependence"),
    N_(".3 withdrawal"),
    N_(".4 withdrawal with delirium"),
    N_(".5 psychotic disorder"),
    N_(".6 amnesic syndrome"),
    N_(".7 residual disorder"),
    N_(".8 other"),
    N_(".9 unspecified"),
)
PLANS = {
    "further_assessment": N_("Further assessment"),
    "psychological": N_("Psychological evaluation"),
    "detox": N_("Detoxification"),
    "motivational": N_("Motivational interview"),
    "brief_intervention": N_("Brief intervention"),
    "maintenance": N_("Maintenance therapy"),
    "inpatient": N_("Inpatient rehabilitation"),
    "counselling": N_("Counselling"),
    "other": N_("Other"),
}


def _yes(code: str, label: str, **more) -> Item:
    return yes_no(code, label, N_("Yes"), N_("No"), point_for=None, **more)


def _options(code: str, label: str, choices: dict[str, str], **more) -> Item:
    return Item(code, label, choices=tuple(Choice(key, text) for key, text in choices.items()), **more)


def _count(code: str, label: str, most: int, **more) -> Item:
    return Item(code, label, kind=Kind.NUMBER, minimum=0, maximum=most, **more)


def _words(code: str, label: str, hint: str = "") -> Item:
    return Item(code, label, kind=Kind.TEXT, required=False, hint=hint)


_TESTED = {
    "never": N_("Never tested"),
    "negative": N_("Negative"),
    "positive": N_("Positive"),
    "untold": N_("Not told"),
}
_FINDING = {"normal": N_("Normal"), "abnormal": N_("Not normal")}
_RESULT = {"negative": N_("Negative"), "positive": N_("Positive"), "not_done": N_("Not done")}

DEMOGRAPHY = (
    _options(
        "b_marital",
        N_("Marital status"),
        {
            "single": N_("Not married"),
            "married": N_("Married"),
            "divorced": N_("Divorced"),
            "widowed": N_("Widowed"),
        },
    ),
    _options(
        "b_education",
        N_("Last education"),
        {
            "none": N_("No school"),
            "primary": N_("Primary school (SD)"),
            "junior": N_("Junior high school (SMP)"),
            "senior": N_("Senior high school (SMA/SMK)"),
            "higher": N_("Diploma or degree"),
        },
    ),
    _words("b_religion", N_("Religion")),
    _words("b_ethnicity", N_("Ethnic group")),
)
MEDICAL = (
    _count("m_admissions", N_("Times admitted to a hospital"), 200),
    _yes("m_chronic", N_("Chronic disease")),
    _words("m_chronic_text", N_("Which chronic disease")),
    _yes("m_therapy", N_("Medical treatment at present")),
    _words("m_therapy_text", N_("Which treatment")),
    _options("m_hiv", N_("HIV test"), _TESTED),
    _options("m_hep_b", N_("Hepatitis B test"), _TESTED),
    _options("m_hep_c", N_("Hepatitis C test"), _TESTED),
)
WORK = (
    _options(
        "w_status",
        N_("Work"),
        {
            "unemployed": N_("Not working"),
            "working": N_("Working"),
            "student": N_("Student"),
            "household": N_("Takes care of the household"),
        },
    ),
    _options(
        "w_pattern",
        N_("Pattern of work"),
        {"full": N_("Full time"), "part": N_("Part time"), "irregular": N_("Irregular")},
    ),
    _words("w_occupation", N_("Occupation and skills")),
    _yes("w_support", N_("Supported by somebody")),
    _words("w_supporter", N_("By whom")),
    Item(
        "w_support_kind",
        N_("Kind of support"),
        kind=Kind.LIST,
        choices=(
            Choice("money", N_("Money")),
            Choice("housing", N_("A place to live")),
            Choice("food", N_("Food")),
            Choice("care", N_("Treatment and care")),
        ),
        required=False,
    ),
)
HISTORY = (
    Item(
        "h_main",
        N_("Main substance"),
        choices=tuple(Choice(code, label) for code, label in DRUGS.items()),
    ),
    _yes("h_rehabilitated", N_("Rehabilitated before")),
    _words("h_rehabilitated_text", N_("Where, when and how")),
    _yes("h_overdose", N_("Ever an overdose")),
    _words("h_overdose_text", N_("When, and what was done")),
)
LEGAL = (
    _yes("l_any", N_("Ever arrested or charged")),
    *(_count(f"l{number}_times", label, 99) for number, label in enumerate(OFFENCES, 1)),
    _count("l_convictions", N_("Convictions"), 99),
)
FAMILY = (
    Item(
        "f_living",
        N_("Living situation, past three years"),
        choices=tuple(Choice(number, label) for number, label in enumerate(LIVING, 1)),
    ),
    _yes("f_user", N_("Lives with somebody who uses drugs")),
    _words("f_user_text", N_("Who")),
)
PHYSICAL = (
    _words("x_pressure", N_("Blood pressure"), N_("For example 120/80")),
    _count("x_pulse", N_("Pulse per minute"), 300, required=False),
    _count("x_breaths", N_("Breaths per minute"), 100, required=False),
    Item(
        "x_temperature",
        N_("Temperature (°C)"),
        kind=Kind.NUMBER,
        minimum=25,
        maximum=45,
        whole=False,
        required=False,
    ),
    *(_options(code, label, _FINDING, required=False) for code, label in SYSTEMS.items()),
    _words("x_text", N_("Findings")),
)
SEVERITIES = tuple(
    _count(f"s_{area}", label, 9, hint=N_("0–1 none, 2–3 slight, 4–5 moderate, 6–7 considerable, 8–9 extreme"))
    for area, label in AREAS.items()
)
CONCLUSION = (
    Item(
        "k_group",
        N_("Diagnosis (ICD-10)"),
        choices=tuple(Choice(label[:3], label) for label in DIAGNOSES),
        required=False,
    ),
    Item("k_state", N_("State"), choices=tuple(Choice(label[1], label) for label in STATES), required=False),
    _words("k_other", N_("Other diagnoses")),
    Item(
        "k_plan",
        N_("Plan"),
        kind=Kind.LIST,
        choices=tuple(Choice(code, label) for code, label in PLANS.items()),
        hint=N_("One or more"),
    ),
    _words("k_plan_text", N_("Other plan, or a note on it")),
)


def _per_drug(suffix: str, make) -> tuple[Item, ...]:
    return tuple(make(f"{code}_{suffix}", label) for code, label in DRUGS.items())


def _days(code: str, label: str) -> Item:
    return _count(code, label, 30)


def _years(code: str, label: str) -> Item:
    return Item(code, label, kind=Kind.NUMBER, minimum=0, maximum=80, whole=False)


def _route(code: str, label: str) -> Item:
    return Item(code, label, choices=ROUTES)


def _twice(prefix: str, labels: tuple[str, ...], **more) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """The same questions for the past thirty days and for the whole life."""
    recent = tuple(_yes(f"{prefix}{number}_30", label, **more) for number, label in enumerate(labels, 1))
    ever = tuple(_yes(f"{prefix}{number}_life", label, **more) for number, label in enumerate(labels, 1))
    return recent, ever


CONFLICTS_30, CONFLICTS_LIFE = _twice("c", RELATIONS, not_applicable=True)
SYMPTOMS_30, SYMPTOMS_LIFE = _twice("p", SYMPTOMS)
USED = _per_drug("ever", _yes)
DAYS, YEARS, BY = _per_drug("days", _days), _per_drug("years", _years), _per_drug("route", _route)

SECTIONS = (
    Section("demography", N_("Demography"), DEMOGRAPHY),
    Section("medical", N_("Medical"), MEDICAL),
    Section("work", N_("Work and support"), WORK),
    Section("used", N_("Ever used"), USED, grid=True),
    Section("days", N_("Days of use in the past 30"), DAYS, grid=True),
    Section("years", N_("Years of use in life"), YEARS, grid=True),
    Section("route", N_("Way of use"), BY, grid=True),
    Section("history", N_("History of use"), HISTORY),
    Section("legal", N_("Legal"), LEGAL),
    Section("family", N_("Family and social"), FAMILY),
    Section("conflicts_30", N_("Serious conflicts, past 30 days"), CONFLICTS_30, grid=True),
    Section("conflicts_life", N_("Serious conflicts, in life"), CONFLICTS_LIFE, grid=True),
    Section("psychiatric_30", N_("Psychiatric, past 30 days"), SYMPTOMS_30, grid=True),
    Section("psychiatric_life", N_("Psychiatric, in life"), SYMPTOMS_LIFE, grid=True),
    Section("physical", N_("Physical examination"), PHYSICAL),
    Section(
        "urine", N_("Urine test"), tuple(_options(code, label, _RESULT) for code, label in PANEL.items()), grid=True
    ),
    Section("severity", N_("Severity of the problems"), SEVERITIES, grid=True),
    Section("conclusion", N_("Conclusion"), CONCLUSION),
)


def _rules() -> tuple[SkipWhen, ...]:
    never_used = tuple(
        SkipWhen((f"{code}_days", f"{code}_years", f"{code}_route"), Is(f"{code}_ever", False)) for code in DRUGS
    )
    details = {
        "m_chronic": ("m_chronic_text",),
        "m_therapy": ("m_therapy_text",),
        "w_support": ("w_supporter", "w_support_kind"),
        "h_rehabilitated": ("h_rehabilitated_text",),
        "h_overdose": ("h_overdose_text",),
        "l_any": (*(f"l{number}_times" for number in range(1, len(OFFENCES) + 1)), "l_convictions"),
        "f_user": ("f_user_text",),
    }
    not_working = AnyOf(tuple(Is("w_status", code) for code in ("unemployed", "student", "household")))
    return (
        *never_used,
        *(SkipWhen(items, Is(code, False)) for code, items in details.items()),
        SkipWhen(("w_pattern",), not_working),
    )


WAJIB_LAPOR = Instrument(
    key="wajib_lapor",
    version="2015",
    title=N_("Assessment form for mandatory reports (wajib lapor)"),
    sections=SECTIONS,
    scales=(),
    rules=_rules(),
    alerts=(
        Alert(
            "self_harm",
            N_("Thoughts of suicide or an attempt"),
            AnyOf(tuple(Is(f"p{number}_{when}", True) for number in (THOUGHTS, ATTEMPT) for when in ("30", "life"))),
        ),
    ),
    interviewer=True,
)
