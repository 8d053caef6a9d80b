"""An instrument as JSON: the form's script runs the same rules, weights and bands as the server.

{"key", "version", "title", "labels_only", "interviewer",
 "sections": [{"code", "title", "grid", "items": [code, …]}],
 "groups": [{"code", "label"}],
 "items": {code: {"label", "hint", "kind", "group", "required", "not_applicable", "minimum", "maximum", "whole",
                  "choices": [{"code", "label", "weight"}]}},
 "rules": [{"type": "skip" | "only", "items": [code, …], "when": condition}],
 "scales": [{"code", "title", "items", "rule": {"type": "total" | "mean" | "combination" | "server", …},
             "bands": [{"code", "lower", "title", "advice"}], "attention": {"at_least", "at_most"} | null}],
 "alerts": [{"code", "title", "when"}], "advice": [{"code", "text", "when"}],
 "refusals": [{"item", "text", "when", "unless"}], "may_miss": number | null, "options": {code: number | null}}

condition: {"item", "is"} | {"item", "above"} | {"all": […]} | {"any": […]}. Each is true, false, or open (null) while its
item is not answered; a skipped item equals nothing. "skip" hides once true and waits while open; "only" hides until true.
"""

from collections.abc import Callable, Mapping

from assessments.instruments.framework import Combination, Instrument, Item, Mean, Scale, SkipWhen, Total


def as_json(
    instrument: Instrument, translate: Callable[[str], str] = str, options: Mapping[str, int | None] | None = None
) -> dict:
    """`translate` is gettext where the texts are shown; `options` are the institution's settings over the defaults."""
    used = {option.code: option.default for option in instrument.options} | dict(options or {})

    def say(text: str) -> str:
        return translate(text) if text else ""

    return {
        "key": instrument.key,
        "version": instrument.version,
        "title": say(instrument.title),
        "labels_only": instrument.labels_only,
        "interviewer": instrument.interviewer,
        "sections": [
            {
                "code": each.code,
                "title": say(each.title),
                "grid": each.grid,
                "items": [item.code for item in each.items],
            }
            for each in instrument.sections
        ],
        "groups": [{"code": group.code, "label": say(group.label)} for group in instrument.groups],
        "items": {item.code: _item(item, say) for item in instrument},
        "rules": [
            {
                "type": "skip" if isinstance(rule, SkipWhen) else "only",
                "items": list(rule.items),
                "when": rule.when.as_json(),
            }
            for rule in instrument.rules
        ],
        "scales": [_scale(scale, say, used) for scale in instrument.scales],
        "alerts": [
            {"code": each.code, "title": say(each.title), "when": each.when.as_json()} for each in instrument.alerts
        ],
        "advice": [
            {"code": each.code, "text": say(each.text), "when": each.when.as_json()} for each in instrument.advice
        ],
        "refusals": [
            {
                "item": each.item,
                "text": say(each.text) % {"item": each.item},
                "when": each.when.as_json(),
                "unless": each.unless.as_json() if each.unless else None,
            }
            for each in instrument.refusals
        ],
        "may_miss": instrument.may_miss,
        "options": used,
    }


def _item(item: Item, say: Callable[[str], str]) -> dict:
    return {
        "label": say(item.label),
        "hint": say(item.hint),
        "kind": item.kind.value,
        "group": item.group,
        "required": item.required,
        "not_applicable": item.not_applicable,
        "minimum": item.minimum,
        "maximum": item.maximum,
        "whole": item.whole,
        "choices": [{"code": each.code, "label": say(each.label), "weight": each.weight} for each in item.choices],
    }


def _scale(scale: Scale, say: Callable[[str], str], options: Mapping[str, int | None]) -> dict:
    match scale.rule:
        case Total():
            rule: dict = {"type": "total"}
        case Mean(may_miss, factor, offset):
            rule = {"type": "mean", "may_miss": may_miss, "factor": factor, "offset": offset}
        case Combination(parts):
            rule = {"type": "combination", "parts": [list(part) for part in parts]}
        case _:
            rule = {"type": "server"}
    bands = [(options[band.lower] if isinstance(band.lower, str) else band.lower, band) for band in scale.bands]
    attention = scale.attention
    return {
        "code": scale.code,
        "title": say(scale.title),
        "items": list(scale.items),
        "rule": rule,
        "bands": [
            {"code": band.code, "lower": lower, "title": say(band.title), "advice": say(band.advice)}
            for lower, band in bands
            if lower is not None
        ],
        "attention": attention and {"at_least": attention.at_least, "at_most": attention.at_most},
    }
