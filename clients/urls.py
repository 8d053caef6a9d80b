from django.urls import path

from clients.views import attendance, client, episodes, identity, lists, registration, sessions, treatments

app_name = "clients"
urlpatterns = [
    path("klien/", lists.clients, name="list"),
    path("klien/cari/", lists.find, name="search"),
    path("klien/daftar/", registration.register, name="register"),
    path("klien/daftar/nik/", registration.check_nik, name="check_nik"),
    path("klien/daftar/kemiripan/", registration.check_matches, name="check_matches"),
    path("klien/daftar/draf/", registration.keep_draft, name="keep_draft"),
    path("klien/daftar/draf/buang/", registration.discard_draft, name="discard_draft"),
    path("klien/<str:code>/", client.client, name="client"),
    path("klien/<str:code>/buka/", client.reveal, name="reveal"),
    path("klien/<str:code>/pembuka/", client.who_looked, name="who_looked"),
    path("klien/<str:code>/persetujuan/", client.consent, name="consent"),
    path("klien/<str:code>/persetujuan/<int:pk>/cabut/", client.revoke_consent, name="revoke_consent"),
    path("klien/<str:code>/kemiripan/", client.match_seen, name="match_seen"),
    path("klien/<str:code>/identitas/", identity.correct, name="correct_identity"),
    path("klien/<str:code>/episode-baru/", episodes.open_again, name="open_again"),
    path("klien/<str:code>/episode/<int:number>/tutup/", episodes.close, name="close_episode"),
    path("klien/<str:code>/layanan/", treatments.plan, name="plan_treatment"),
    path("klien/<str:code>/sesi/", attendance.of_client, name="client_sessions"),
    path("sesi/", sessions.listing, name="sessions"),
    path("sesi/baru/", sessions.add, name="add_session"),
    path("sesi/putus-kontak/", attendance.out_of_touch, name="out_of_touch"),
    path("sesi/<int:pk>/", attendance.session, name="session"),
    path("sesi/<int:pk>/hadir/", attendance.all_present, name="all_present"),
    path("sesi/<int:pk>/ubah/", sessions.change, name="change_session"),
    path("sesi/<int:pk>/batal/", sessions.cancel, name="cancel_session"),
    path("sesi/<int:pk>/urungkan/", sessions.take_up, name="take_up_session"),
    path("layanan/<int:pk>/mulai/", treatments.start, name="start_treatment"),
    path("layanan/<int:pk>/tahap/", treatments.change_phase, name="change_phase"),
    path("layanan/<int:pk>/batal/", treatments.withdraw, name="withdraw_treatment"),
]
