from django.urls import path

from facilities.views import details, facility, people, posts, register, settings, units

app_name = "facilities"
urlpatterns = [
    path("fasilitas/", register.listing, name="list"),
    path("fasilitas/unduh/", register.export, name="export"),
    path("fasilitas/tambah/", facility.add, name="add"),
    path("fasilitas/<str:code>/", facility.facility, name="facility"),
    path("fasilitas/<str:code>/ubah/", facility.edit, name="edit"),
    path("fasilitas/<str:code>/tutup/", facility.close, name="close"),
    path("fasilitas/<str:code>/buka/", facility.reopen, name="reopen"),
    path("fasilitas/<str:code>/pengawasan/", details.change_term, name="change_term"),
    path("fasilitas/<str:code>/pengawasan/<int:pk>/", details.correct_term, name="correct_term"),
    path("fasilitas/<str:code>/ipwl/", details.add_ipwl, name="ipwl"),
    path("fasilitas/<str:code>/ipwl/<int:pk>/", details.end_ipwl, name="end_ipwl"),
    path("fasilitas/<str:code>/kapasitas/", details.set_capacity, name="capacity"),
    path("fasilitas/<str:code>/penguatan/", details.strengthen, name="strengthening"),
    path("fasilitas/<str:code>/akses/", people.access, name="access"),
    path("orang/", people.listing, name="people"),
    path("orang/baru/", people.create, name="create_person"),
    path("orang/pos/", posts.give_by_email, name="give_by_email"),
    path("orang/pos/<int:pk>/akhiri/", posts.end, name="end_post"),
    path("orang/<int:pk>/", people.person, name="person"),
    path("orang/<int:pk>/undang/", people.invite, name="invite"),
    path("orang/<int:pk>/nonaktif/", people.deactivate, name="deactivate"),
    path("orang/<int:pk>/aktif/", people.reactivate, name="reactivate"),
    path("orang/<int:pk>/pos/", posts.give, name="give_post"),
    path("pos/", posts.switch, name="switch_post"),
    path("pengaturan/", settings.listing, name="settings"),
    path("pengaturan/<str:key>/", settings.setting, name="setting"),
    path("unit/", units.listing, name="units"),
    path("unit/tambah/", units.add, name="add_unit"),
    path("unit/<str:code>/akses/", people.unit_access, name="unit_access"),
    path("unit/<str:code>/nama/", units.rename, name="rename_unit"),
    path("unit/<str:code>/tutup/", units.close, name="close_unit"),
]
