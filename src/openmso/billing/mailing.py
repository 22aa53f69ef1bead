"""Notices by the mail server of the installation."""

from __future__ import annotations

from smtplib import SMTPException

from django.core.mail import EmailMessage

from openmso.billing.registry import Undelivered
from openmso.billing.states import Way


class Mail:
    """A messenger for e-mail, over the server that `OPENMSO_SMTP` names."""

    def send(self, *, way: Way, to: str, subject: str, text: str) -> str:
        """Hand a message to the server."""
        try:
            EmailMessage(subject, text, to=[to]).send()
        except (SMTPException, OSError) as error:
            raise Undelivered(f"The mail server did not take it ({type(error).__name__}).") from error
        return ""
