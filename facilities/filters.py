"""The filter above the register; it stays in the address."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import FacilityKind, Ownership, Service
from facilities.models import Facility
from facilities.queries import areas

YES_NO = [("yes", _("valid today")), ("no", _("none"))]
STATES = [("closed", _("closed")), ("all", _("open and closed"))]


class FacilityFilter(filters.FilterSet):
    name = filters.CharFilter(label=_("Name"), max_length=100, method="by_name")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=FacilityKind, empty_label=_("All"))
    province = filters.ChoiceFilter(label=_("Province"), method="by_province", empty_label=_("All"))
    unit = filters.ChoiceFilter(label=_("Supervising unit"), field_name="unit__code", empty_label=_("All"))
    service = filters.ChoiceFilter(label=_("Service"), choices=Service, method="by_service", empty_label=_("All"))
    ownership = filters.ChoiceFilter(label=_("Ownership"), choices=Ownership, empty_label=_("All"))
    ipwl = filters.ChoiceFilter(label=_("IPWL decree"), choices=YES_NO, method="by_ipwl", empty_label=_("All"))
    state = filters.ChoiceFilter(label=_("Open or closed"), choices=STATES, method="by_state", empty_label=_("open"))

    class Meta:
        model = Facility
        fields = ["name", "kind", "province", "unit", "service", "ownership", "ipwl", "state"]

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        named = areas()
        for name in ("province", "unit"):
            self.filters[name].extra["choices"] = [(code, text) for kind, code, text in named if kind == name]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        # Without a word about it the register shows what is open.
        return found if self.form.cleaned_data.get("state") else found.open_on(timezone.localdate())

    def by_name(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        for word in text.split():
            rows = rows.filter(Q(name__icontains=word) | Q(region__name__icontains=word) | Q(code__iexact=word))
        return rows

    def by_province(self, rows: QuerySet, name: str, province: str) -> QuerySet:
        return rows.filter(region__code__startswith=province)

    def by_service(self, rows: QuerySet, name: str, service: str) -> QuerySet:
        return rows.filter(services__contains=[service])

    def by_ipwl(self, rows: QuerySet, name: str, choice: str) -> QuerySet:
        valid = Facility.objects.ipwl_on(timezone.localdate())
        return rows.filter(pk__in=valid) if choice == "yes" else rows.exclude(pk__in=valid)

    def by_state(self, rows: QuerySet, name: str, choice: str) -> QuerySet:
        today = timezone.localdate()
        return rows.filter(closed_on__lte=today) if choice == "closed" else rows
