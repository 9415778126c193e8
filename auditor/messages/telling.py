"""One digest a night for each audience, through each of its channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.context import Context
from auditor.crawl import lock
from auditor.messages.digest import Audience, Digest, Matter, Told, digest
from auditor.messages.faults import about, save_faults
from auditor.messages.matters import matters
from auditor.messages.record import Record, load_record, save_record
from auditor.messages.sending import Channel, Message, UndeliveredError, WrongChannel, channels
from auditor.messages.wording import body, subject


@dataclass(frozen=True)
class Delivery:
    """What came of one channel: its digest, and why it was not taken ("" where it was, or where there was no news)."""

    channel: str
    digest: Digest
    fault: str = ""


def tell(context: Context, secrets: Mapping[str, str]) -> Sequence[Delivery]:
    """Tells everybody what is new to them. What a channel did not take is told through it the next time.

    Raises:
        InputError: the database cannot be used, or another process is telling just now.
    """
    folder = context.data.messages
    with lock.hold(folder / "telling.lock", "messages", context.now()):
        record = load_record(folder)
        deliveries = []
        for channel, found, told in _planned(context, secrets, record):
            delivery = _deliver(context, channel, found)
            deliveries.append(delivery)
            if not delivery.fault:
                record = {**record, channel.name: told}
                save_record(folder, record)
        save_faults(folder, {each.channel: each.fault for each in deliveries if each.fault})
    return deliveries


def preview(context: Context) -> Sequence[Digest]:
    """What everybody would be told now, had nobody been told anything; sends nothing."""
    concerns, night = matters(context), context.today
    return [digest({}, audience, concerns, night)[0] for audience in Audience]


def _planned(
    context: Context, secrets: Mapping[str, str], record: Record
) -> Sequence[tuple[Channel, Digest, Mapping[str, Told]]]:
    concerns, night, options = matters(context), context.today, context.jurisdiction.service
    return [
        (channel, *digest(record.get(channel.name, {}), audience, _without(concerns, channel), night))
        for audience in Audience
        for channel in channels(audience, options, secrets, context.data.messages)
    ]


def _without(concerns: Sequence[Matter], channel: Channel) -> Sequence[Matter]:
    """Nobody is told through a channel that it takes nothing."""
    return [each for each in concerns if each.key != about(channel.name)]


def _deliver(context: Context, channel: Channel, found: Digest) -> Delivery:
    if not found and not isinstance(channel, WrongChannel):
        return Delivery(channel.name, found)
    stem = f"{found.night.isoformat()}-{found.audience}"
    try:
        channel.send(Message(subject(found, context.jurisdiction.name), body(found), stem))
    except UndeliveredError as error:
        return Delivery(channel.name, found, str(error))
    return Delivery(channel.name, found)
