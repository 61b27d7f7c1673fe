"""The audit on the page: it follows the redraw, and ends with the script run that asked for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analysis.cost.audit import Audit
from analysis.cost.audit_process import NO_ANSWER, AuditProcess
from analysis.cost.counted.counted import Counted
from analysis.cost.subjects import Subject, subject_audit
from analysis.networks.reference import REFERENCES

REST_SECONDS = 0.2
"""A design must rest this long before it is counted, so that a drag is not."""
FIRST_REST_SECONDS = 2.0
"""Before a server's first audit: the counting process then starts, and must not compete with the first paint."""
GLANCE_SECONDS = 0.1
PATIENCE_SECONDS = 90.0


@cache
def process() -> AuditProcess:
    """The one counting process of this server."""
    return AuditProcess()


def known_audit(subject: Subject) -> Audit | None:
    """The audit if it was made before, for any session."""
    if isinstance(subject, Counted) and subject.network not in REFERENCES:
        return subject_audit(subject)  # nothing is built of what was imported
    audit = process().known(subject)
    return None if audit is not None and audit.not_run == NO_ANSWER else audit


def follow(subject: Subject, show: Callable[[Audit], None]) -> None:
    """Wait for the audit, then ``show`` it; called when all else of the page is drawn.

    The wait looks at the session state all along, where Streamlit ends the run as soon as a newer one is asked for:
    an older audit cannot land on a newer design, because its script run is over.
    """
    context = get_script_run_ctx()
    client = context.session_id if context else "bare"
    rest = REST_SECONDS if process().started else FIRST_REST_SECONDS
    started, asked = time.monotonic(), False
    while time.monotonic() - started < PATIENCE_SECONDS:
        _end_if_overtaken()
        audit = process().wait(subject, GLANCE_SECONDS)
        if audit is not None and (asked or audit.not_run != NO_ANSWER):
            show(audit)
            return
        if not asked and time.monotonic() - started > rest:
            process().wish(client, subject)
            asked = True


def _end_if_overtaken() -> None:
    st.session_state.get("view")
