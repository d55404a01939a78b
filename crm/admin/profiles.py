from __future__ import annotations

from unfold.admin import TabularInline

from crm.admin.permissions import FollowsCRM
from crm.models import ProfileAccess
from maker.inlines import BoundedRows
from users.admin import ProfileAdmin


class AccessOfProfile(FollowsCRM, BoundedRows, TabularInline):
    model = ProfileAccess
    fields = ("crm", "order", "may_create", "may_edit", "may_assign")
    verbose_name = ProfileAccess._meta.get_field("crm").verbose_name
    verbose_name_plural = ProfileAccess._meta.get_field("crm").related_model._meta.verbose_name_plural
    extra = 0
    hide_title = True


ProfileAdmin.inlines = (*ProfileAdmin.inlines, AccessOfProfile)
