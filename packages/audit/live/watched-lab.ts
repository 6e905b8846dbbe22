import { type Cloud, connect, Secret } from '@groundcrew/core';
import { ensureLab } from '@groundcrew/lab';
import { type Watch, watchSecurityGroups } from '../src/security-groups.ts';
import { rabbitSource } from '../src/rabbitmq.ts';
import { ingest, openTrail, sqliteStore, type Trail } from '../src/trail.ts';

/** The lab with a trail that hears of it, a watch over its security groups, and a tenant who has one. */
export interface WatchedLab extends AsyncDisposable {
  readonly admin: Cloud;
  readonly tenant: Cloud;
  readonly trail: Trail;
  readonly watch: Watch;
  /** The tenant's group, called so. */
  readonly name: string;
  readonly group: string;
}

/** @param topic what the group is for, in its name */
export async function watchedLab(topic: string): Promise<WatchedLab> {
  const lab = await ensureLab({ only: 'full' });
  const as = (who: 'admin' | 'member'): Cloud =>
    connect({ cloud: lab.cloud(who), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  const [admin, tenant] = [as('admin'), as('member')];
  const trail = await openTrail({ store: sqliteStore(':memory:') });
  const watch = watchSecurityGroups({ cloud: admin, trail });
  const stop = new AbortController();
  const from = rabbitSource({ url: new Secret(await lab.bus()), queue: 'audit.info' });
  const ingesting = ingest({ from, into: trail, heard: watch.heard, signal: stop.signal });
  const name = `groundcrew-${topic}-${process.pid}`;
  const { id: group } = await tenant.network.securityGroups.create({ name });
  await watch.refresh();
  return {
    admin,
    tenant,
    trail,
    watch,
    name,
    group,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ingesting;
      await watch.close();
      await trail.close();
      await tenant.network.securityGroups.delete({ id: group });
      await tenant.close();
      await admin.close();
    },
  };
}
