from django.urls import path

from reports.views import dashboard, figures, members, release, targets

app_name = "reports"
urlpatterns = [
    path("capaian/", dashboard.dashboard, name="dashboard"),
    path("capaian/<str:code>/<int:year>/", dashboard.unit, name="unit"),
    path("capaian/<str:code>/<int:year>/belum-dihitung/", members.uncounted, name="uncounted"),
    path("capaian/<str:code>/<int:year>/<slug:indicator>/", members.listing, name="members"),
    path("target/<str:code>/<int:year>/", targets.listing, name="targets"),
    path("target/<str:code>/<int:year>/<slug:indicator>/", targets.target, name="target"),
    path("angka-terbit/", figures.listing, name="figures"),
    path("angka-terbit/unggah/", figures.upload, name="upload_figures"),
    path("periksa-rilis/", release.check, name="release"),
]
