from django.urls import path

from aftercare.views import closing, follow_ups, plans, surveys

app_name = "aftercare"
urlpatterns = [
    path("pasca/", plans.listing, name="list"),
    path("pasca/<int:pk>/", plans.plan, name="plan"),
    path("pasca/<int:pk>/tambahan/", follow_ups.extra, name="extra"),
    path("pasca/<int:pk>/akhiri/", plans.end, name="end"),
    path("pasca/<int:pk>/buka/", plans.reopen, name="reopen"),
    path("pasca/tindak/<int:pk>/", follow_ups.record, name="follow_up"),
    path("layanan/<int:pk>/tutup/", closing.close, name="close"),
    path("layanan/<int:pk>/kepuasan/", surveys.survey, name="survey"),
]
