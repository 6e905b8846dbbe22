import type { TakenTogether } from '../point/tenant-point.ts';
import type { StreamTags } from '../repository/engine.ts';

/** How a volume is of one moment with others, as tags of its stream: for who looks for them without us, and for the next attempt. */
export const tagsOf = (together: TakenTogether | undefined): StreamTags =>
  together === undefined
    ? {}
    : {
        server: together.server,
        'spread-ms': String(together.spreadMs),
        consistency: together.consistency,
        ...(together.how === undefined ? {} : { how: together.how }),
      };

/** The same from the tags; `undefined` for a volume that no server had. */
export function togetherIn(tags: StreamTags): TakenTogether | undefined {
  const { server, consistency, how } = tags;
  if (server === undefined) return undefined;
  return {
    server,
    spreadMs: Number(tags['spread-ms'] ?? 0),
    consistency: consistency === 'application' ? 'application' : 'crash',
    ...(how === 'group' || how === 'snapshots' ? { how } : {}),
  };
}
