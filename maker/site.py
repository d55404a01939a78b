"""The Maker: the admin site in which everything is configured."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite


class MakerSite(UnfoldAdminSite):
    """Unfold's site under the seed's name."""

    site_header = _("Deskline Maker")
    site_title = _("Maker")
    index_title = _("Maker")
