"""`auditor messages`."""

from __future__ import annotations

import os

import click

from auditor.cli.options import NOT_OBSERVED, Options, declare
from auditor.cli.running import context
from auditor.messages import secrets
from auditor.messages.telling import Delivery, preview, tell
from auditor.messages.wording import body, subject


@declare("messages", "messages --send")
@click.option("--send", is_flag=True, help="Send what is new since the last time, as the scheduler does every morning.")
def command(options: Options, *, send: bool) -> int:
    """Shows what concerns the operator (portals that cannot be read) and the clerk (what was not posted) now.

    With --send, whoever `service` in portals.yaml names is told what is new; exit status 3 when a channel did not take
    it. The mail server and webhooks stand in the environment: AUDITOR_SMTP, AUDITOR_WEBHOOK_OPERATOR,
    AUDITOR_WEBHOOK_CLERK, or in a file of such lines that AUDITOR_SECRETS names.
    """
    run = context(options)
    if not send:
        for digest in preview(run):
            click.echo(f"{subject(digest, run.jurisdiction.name)}\n\n{body(digest)}")
        return 0
    deliveries = tell(run, secrets.load(os.environ))
    for delivery in deliveries:
        click.echo(told(delivery))
    return NOT_OBSERVED if any(each.fault for each in deliveries) else 0


def told(delivery: Delivery) -> str:
    """What came of a channel, in a line."""
    if delivery.fault:
        return f"not sent, and tried again the next time: {delivery.fault}"
    return f"{delivery.channel}: {len(delivery.digest.news)} new, {len(delivery.digest.ended)} over"
