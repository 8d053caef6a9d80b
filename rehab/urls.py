"""All addresses. The kernel names the apps by string only."""

from allauth.mfa.recovery_codes import views as recovery_codes
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView
from django.views.i18n import set_language

from rehab import accounts, form_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("hari-ini/", views.today, name="today"),
    path("hari-ini/<slug:key>/", views.worklist, name="worklist"),
    path("sehat/", views.alive, name="alive"),
    path("draf/", form_views.keep_draft, name="keep_draft"),
    path("draf/buang/", form_views.discard_draft, name="discard_draft"),
    path("urungkan/", form_views.undo_act, name="undo"),
    path("masuk/masih/", form_views.still_here, name="still_here"),
    path("bahasa/", set_language, name="set_language"),
    # The unit admin changes an account's address; allauth's own page for it would write when it is opened.
    path(
        "masuk/email/",
        login_required(TemplateView.as_view(template_name="account/email.html", http_method_names=["get"])),
    ),
    path("masuk/2fa/recovery-codes/", accounts.noting_the_look(recovery_codes.view_recovery_codes)),
    path("masuk/2fa/recovery-codes/download/", accounts.noting_the_look(recovery_codes.download_recovery_codes)),
    path("masuk/", include("allauth.urls")),
    path("", include("facilities.urls")),
    path("", include("clients.urls")),
    path("", include("assessments.urls")),
    path("", include("aftercare.urls")),
    path("", include("reports.urls")),
    # The admin's own sign-in knows neither the second factor nor the throttle.
    path("teknis/login/", RedirectView.as_view(pattern_name="home")),
    path("teknis/", admin.site.urls),
]
