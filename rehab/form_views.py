"""What stands behind every form: its draft, the undo of what it did, and the sign-in that it waits for."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rehab import drafts, once, resuming, undo
from rehab.errors import Refused
from rehab.http import Request, body_of
from rehab.models import FormToken
from rehab.templatetags.titian import jam


@require_POST
def keep_draft(request: Request) -> JsonResponse:
    """Answers 200 kept, 400 not understood, 403 not this person's form, 409 kept elsewhere since, 410 sent, 413 too long."""
    try:
        sent = _Sent(body_of(request))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return JsonResponse({}, status=400)
    except drafts.TooLong:
        return JsonResponse({}, status=413)
    user_id, place = drafts.signed(sent.token) or (None, "")
    if user_id != request.user.pk:
        return JsonResponse({}, status=403)
    if sent.form_token and FormToken.objects.filter(token=sent.form_token).exists():
        return JsonResponse({}, status=410)
    try:
        draft = drafts.keep(
            by=request.user, place=place, content=sent.content, base=sent.base, post_id=_post_id(request)
        )
    except drafts.Newer as newer:
        return JsonResponse({"version": newer.draft.version, "saved": jam(newer.draft.saved_at)}, status=409)
    return JsonResponse({"version": draft.version, "saved": jam(draft.saved_at)})


class _Sent:
    """What static/js/drafts.js posts."""

    def __init__(self, body: bytes):
        if len(body) > 8 * drafts.LARGEST:
            raise drafts.TooLong
        sent = json.loads(body)
        self.token, self.form_token, base = sent["draft"], sent.get("form_token", ""), sent.get("base")
        if isinstance(base, bool) or not (base is None or (isinstance(base, int) and 0 <= base < 2_000_000_000)):
            raise ValueError(base)
        if not (isinstance(self.token, str) and isinstance(self.form_token, str) and len(self.form_token) <= 64):
            raise TypeError
        if "\x00" in self.form_token:
            raise ValueError("no token that was ever given")
        self.base = base
        fields = drafts.clean({str(name): list(values) for name, values in sent["fields"].items()})
        title, about = (str(sent.get(key, "")).replace("\x00", "")[:150] for key in ("title", "about"))
        url = str(sent.get("url", ""))[:300]
        self.content = drafts.Content(fields, title, about, url if resuming.ours(url) else "")


def _post_id(request: Request) -> int | None:
    return getattr(getattr(request.user, "active_post", None), "pk", None)


@require_POST
def discard_draft(request: Request) -> HttpResponse:
    """Throws away what was typed and shows the form anew, with a way back."""
    user_id, place = drafts.signed(request.POST.get(drafts.FIELD, "")) or (None, "")
    back = request.POST.get("draft_page", "")
    back = back if resuming.ours(back) else reverse("home")
    resuming.keep_draft(request)
    row = drafts.discard(by=request.user, place=place) if user_id == request.user.pk else None
    if row:
        undo.offer(request, _("The draft is thrown away."), "drafts.discarded", back=back, draft=row.pk)
    return redirect(back)


@require_POST
@once.once
def undo_act(request: Request) -> HttpResponse:
    try:
        undone = undo.take_back(by=request.user, token=request.POST.get(undo.FIELD, ""))
    except Refused as refusal:
        messages.error(request, refusal.messages[0])
        back = request.POST.get("back", "")
        return redirect(back if resuming.ours(back) else "home")
    messages.success(request, _("Undone."))
    return redirect(undone.back)


@require_safe
def still_here(request: HttpRequest) -> JsonResponse:
    """Whether somebody is signed in, and who: asked by a page that stood open for long. Sees to a CSRF cookie as well."""
    get_token(request)
    if not request.user.is_authenticated:
        return JsonResponse({"user": None}, status=401)
    return JsonResponse({"user": request.user.pk})
