"""Settings that stand for unverified facts: readable to unit admins, changed at BNN."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from facilities.access import nationwide, permitted
from facilities.forms.fields import accepted
from facilities.forms.settings import SettingForm, shown
from rehab import conflicts, tunables
from rehab.http import Request
from rehab.models import TunableValue
from rehab.roles import Permission


@permitted(Permission.EDIT_SETTINGS)
def listing(request: Request) -> HttpResponse:
    declared = tunables.all_declared()
    rows = TunableValue.objects.filter(key__in=[each.key for each in declared]).select_related("changed_by")
    latest = {row.key: row for row in rows.order_by("id")}
    entries = [
        {
            "tunable": each,
            "value": shown(each, latest[each.key].value if each.key in latest else each.default),
            "latest": latest.get(each.key),
        }
        for each in declared
    ]
    context = {"entries": entries, "may_change": nationwide(request.user, Permission.EDIT_SETTINGS)}
    return render(request, "facilities/settings.html", context)


@conflicts.in_turn
@permitted(Permission.EDIT_SETTINGS)
def setting(request: Request, key: str) -> HttpResponse:
    tunable = next((each for each in tunables.all_declared() if each.key == key), None)
    if tunable is None:
        raise Http404
    may_change = nationwide(request.user, Permission.EDIT_SETTINGS)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = SettingForm(request.POST or None, tunable=tunable, initial={"value": tunables.value(key)})
    row = TunableValue.objects.filter(key=key).order_by("-id").first() or TunableValue(key=key)
    if accepted(request, form, lambda **facts: tunables.change(by=request.user, key=key, **facts), row=row):
        messages.success(request, _("The setting holds from now on."))
        return redirect("facilities:settings")
    history = [
        (row, shown(tunable, row.value))
        for row in TunableValue.objects.filter(key=key).select_related("changed_by").order_by("-id")
    ]
    context = {
        "tunable": tunable,
        "default": shown(tunable, tunable.default),
        "form": form,
        "history": history,
        "may_change": may_change,
    }
    return render(request, "facilities/setting.html", context)
