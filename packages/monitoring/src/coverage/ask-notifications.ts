import type { OsloNotification } from '../events/notification.ts';
import { textIn } from '../events/loose.ts';
import { unversioned } from '../events/versioned.ts';
import { answered, type Asking, type WayAnswer } from './asking.ts';
import { Sightings } from './seen.ts';
import { idKey } from './thing.ts';
import type { NotificationWay } from './ways.ts';

/** Notifications that were read, by a source of `@groundcrew/monitoring/events` or another one. */
export interface HeardNotifications {
  /** From when on every notification was heard; ISO 8601. Nothing is said of what is missing before a time as long as fresh. */
  readonly from: string;
  readonly messages: readonly OsloNotification[];
}

/** Looks through notifications that were heard. What came before the listening began is not known to be missing. */
export function askNotifications(
  { from, messages }: HeardNotifications,
  asked: readonly Asking<NotificationWay>[],
  now: number,
): readonly WayAnswer[] {
  const at = new Date(now).toISOString();
  const byType = Map.groupBy(messages, ({ eventType }) => eventType);
  return asked.map((asking) => {
    const { way, things, freshnessMs } = asking;
    const sightings = new Sightings(things);
    for (const { at: heardAt, payload } of way.events.flatMap((event) => byType.get(event) ?? [])) {
      const body = unversioned(payload)?.body ?? payload;
      const ids = way.fields.flatMap((field) => textIn(body[field]) ?? []);
      const thing = sightings.find(ids.map(idKey));
      if (thing === undefined || heardAt === undefined) continue;
      const time = Date.parse(heardAt);
      sightings.add(thing, '', { at: time, isFresh: now - time <= freshnessMs });
    }
    if (now - Date.parse(from) < freshnessMs)
      for (const thing of sightings.missing)
        sightings.untold(thing, `notifications were heard only since ${from}`);
    return answered(asking, sightings.seen, { at, source: 'notifications' });
  });
}
