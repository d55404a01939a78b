"""What the rooms above are told about methods; sent after the commit.

`sender` is AuthenticationMethod, `method` the row. Deliveries resume on `method_enabled` and wait on `method_stopped`.
"""

from __future__ import annotations

from django.dispatch import Signal

method_enabled = Signal()
method_stopped = Signal()
