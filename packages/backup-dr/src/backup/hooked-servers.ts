import type { PointResource, TenantPoint } from '../point/tenant-point.ts';
import type { BackupHook, HookedServer } from './backup-hook.ts';
import { disksOfServers } from './disks-of-servers.ts';

/** The servers of a point for which there is a hook, with it. */
export function hookedServers(
  point: TenantPoint,
  hooks: readonly BackupHook[],
): readonly { readonly hook: BackupHook; readonly server: HookedServer }[] {
  return disksOfServers(point).flatMap(({ server, volumes }) => {
    const hook = server === undefined ? undefined : hookOf(server, hooks);
    return hook === undefined || server === undefined ? [] : [{ hook, server: hookedOf(server, volumes) }];
  });
}

/** The hook of a server, by its id or its name. */
export const hookOf = ({ id, name }: PointResource, hooks: readonly BackupHook[]): BackupHook | undefined =>
  hooks.find(({ server }) => server === id || (name !== '' && server === name));

/** What a hook is told of it. */
export const hookedOf = ({ id, name }: PointResource, volumes: readonly PointResource[]): HookedServer => ({
  id,
  name,
  volumes: volumes.map((volume) => volume.id),
});
