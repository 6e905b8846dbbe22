import type { PointResource, TenantPoint } from '../point/tenant-point.ts';
import { objectsIn, textOf } from '../point/wire.ts';

/** Volumes of which the bytes should be of one moment: the disks of a server, or one that no server has. */
export interface DiskGroup {
  readonly server: PointResource | undefined;
  readonly volumes: readonly PointResource[];
}

/** The volumes of a project by the server that has them, in the order of the point. One that several have is of the first. */
export function disksOfServers({ resources }: Pick<TenantPoint, 'resources'>): readonly DiskGroup[] {
  const volumes = resources.filter(({ kind }) => kind === 'volume');
  const free = new Map(volumes.map((volume) => [volume.id, volume]));
  const groups: DiskGroup[] = [];
  for (const server of resources.filter(({ kind }) => kind === 'server')) {
    const own = objectsIn(server.wire['os-extended-volumes:volumes_attached']).flatMap(({ id }) => {
      const volume = free.get(textOf(id) ?? '');
      if (volume !== undefined) free.delete(volume.id);
      return volume === undefined ? [] : [volume];
    });
    if (own.length > 0) groups.push({ server, volumes: own });
  }
  return [...groups, ...[...free.values()].map((volume) => ({ server: undefined, volumes: [volume] }))];
}
