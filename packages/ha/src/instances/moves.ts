import type { Cloud } from '@groundcrew/core';
import type { ServerMove } from './situation.ts';

/** The microversion from which on the records of migrations come in pages, and none is cut off. */
const PAGED = '2.59';

/** Every move of a server, past and present, the newest first, by Nova's records. */
export async function movesOf(
  cloud: Cloud,
  server: string,
  signal: AbortSignal | undefined,
): Promise<ServerMove[]> {
  const moves: Listed[] = [];
  const listed = cloud.compute.at(PAGED).migrations.list({ instance_uuid: server }, { signal });
  for await (const move of listed) moves.push(move);
  return newestFirst(moves);
}

/** Every move from or to a host, by server, the newest first. */
export async function movesAt(
  cloud: Cloud,
  host: string,
  signal: AbortSignal | undefined,
): Promise<Map<string, ServerMove[]>> {
  const byServer = new Map<string, Listed[]>();
  for await (const migration of cloud.compute.at(PAGED).migrations.list({ host }, { signal })) {
    const mine = byServer.get(migration.instance_uuid) ?? [];
    byServer.set(migration.instance_uuid, mine);
    mine.push(migration);
  }
  return new Map(Array.from(byServer, ([server, moves]) => [server, newestFirst(moves)]));
}

/** The fields of a record that matter here. */
interface Listed {
  readonly id: number;
  readonly status: string;
  readonly migration_type: string | null;
  readonly source_compute: string | null;
  readonly dest_compute: string | null;
}

const newestFirst = (moves: readonly Listed[]): ServerMove[] =>
  moves.toSorted((a, b) => b.id - a.id).map(moveOf);

const moveOf = ({ migration_type, status, source_compute, dest_compute }: Listed): ServerMove => ({
  type: migration_type ?? undefined,
  status,
  source: source_compute ?? undefined,
  dest: dest_compute ?? undefined,
});
