"""Audits of splits: what stands in two parts, and what a part lacks."""

from dsf.data.audit.policy import apply_leak_policy
from dsf.data.audit.report import Finding, SplitAudit
from dsf.data.audit.splits import audit_split

__all__ = ["Finding", "SplitAudit", "apply_leak_policy", "audit_split"]
