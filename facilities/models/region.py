from django.db import models

from facilities.enums import RegionLevel
from rehab.enums import Zone, zone_of_province


class Region(models.Model):
    """Province, regency or city, district; codes of the interior ministry, without dots (`53`, `5371`, `537101`)."""

    code = models.CharField(max_length=6, primary_key=True)
    level = models.CharField(max_length=10, choices=RegionLevel)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    personal: frozenset[str] = frozenset()
    plain = frozenset({"code", "level", "name", "parent", "valid_from", "valid_until"})

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "name"], name="region_level_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> Zone:
        return zone_of_province(self.code)
