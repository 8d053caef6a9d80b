"""The Django admin holds technical reference data only, for system admins; the register has pages of its own."""

from typing import cast

from django.contrib import admin
from django.http import HttpRequest

from facilities.access import can
from facilities.models import Region
from rehab.http import Request
from rehab.roles import Permission


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "level", "valid_from", "valid_until"]
    list_filter = ["level"]
    search_fields = ["code", "name"]
    raw_id_fields = ["parent"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can(cast(Request, request).user, Permission.TECHNICAL)

    def has_view_permission(self, request: HttpRequest, obj: Region | None = None) -> bool:
        return can(cast(Request, request).user, Permission.TECHNICAL)

    has_add_permission = has_module_permission
    has_change_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: Region | None = None) -> bool:
        """A region that ends gets a date; clients and facilities point to it."""
        return False
