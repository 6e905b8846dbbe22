import type { Subject } from '@groundcrew/ground';
import { findOrphans } from './find-orphans.ts';
import type { MendItem } from './mend-items.ts';
import type { Mendable } from './mendable.ts';
import type { OrphanSources } from './orphan-sources.ts';

/** What a plan mends, and what it leaves. */
interface MendChoice {
  readonly chosen: readonly MendItem[];
  /** Those that a guest may use which runs. */
  readonly inUse: readonly MendItem[];
  readonly off: Mendable['guests'];
  readonly hostsOff: readonly string[];
}

/** What a person must know who approves a plan: what it takes for granted, and every contradiction that it leaves. */
export function mendWarnings(sources: OrphanSources, { chosen, inUse, off, hostsOff }: MendChoice): string[] {
  // A server, its guest and its allocation have one id: the kind tells them apart.
  const done = new Set([
    ...chosen.map(({ target }) => keyOf(target.kind, target.id)),
    ...off.map(({ id }) => keyOf('guest', id)),
  ]);
  const shown = new Map(
    sources.cinder.volumes.value.map(({ id, attachments }) => [
      id,
      attachments.map(({ attachment_id: attachment }) => attachment),
    ]),
  );
  const isMended = ({ kind, id }: Subject): boolean =>
    done.has(keyOf(kind, id)) ||
    (kind === 'volume' &&
      (shown.get(id) ?? []).some((attachment) => done.has(keyOf('attachment', attachment))));
  return [
    ...hostsOff.map((host) => `${host} is not asked for guests: it is said to be off.`),
    ...chosen
      .filter(({ target }) => target.kind === 'volume')
      .map(
        ({ id }) =>
          `Whether a guest of a server that Nova knows uses volume ${id} is told by no list: look at its storage.`,
      ),
    ...inUse.map(
      ({ target: { kind, id }, server }) =>
        `Left: ${kind} ${id}: ${server === undefined ? 'a guest that Nova does not know' : `guest ${server}`} runs, and may use it.`,
    ),
    ...findOrphans(sources)
      .filter(({ verdict, subject }) => verdict === 'fail' && !isMended(subject))
      .map(({ title, remedy }) => `Left: ${title}.${remedy === undefined ? '' : ` ${remedy}`}`),
  ];
}

const keyOf = (kind: string, id: string): string => `${kind} ${id}`;
