import { connect } from '@groundcrew/core';
import { type Outcome, run } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import { replicationImplementations, replicationRevisions } from '../../src/replication.ts';
import { crashesAt, Life, Records } from '../life.ts';
import { connection, type Site, site } from './site.ts';

/** What a failover leaves: the backend, the volumes, the servers, and whether they use the replicas. */
async function stateOf(there: Site, before: readonly (string | undefined)[]): Promise<unknown> {
  const { cloud, root, data, scratch, booted, other } = there;
  const [service] = await Array.fromAsync(cloud.blockStorage.services.list({ binary: 'cinder-volume' }));
  const volumes = await Promise.all(
    [root, data, scratch].map((id) => cloud.blockStorage.volumes.get({ id })),
  );
  const servers = await Promise.all([booted, other].map((id) => cloud.compute.servers.get({ id })));
  const now = [await connection(there, root), await connection(there, data)];
  return {
    backend: [service?.replication_status, service?.active_backend_id, service?.frozen],
    volumes: volumes.map(({ status }) => status),
    servers: servers.map(({ status }) => status),
    isAnew: now.map((one, at) => one !== undefined && one !== before[at]),
  };
}

test('killed behind every act: the backend fails over once, and every server is connected anew', async () => {
  const wrong: unknown[] = [];
  let calm: unknown;
  let traces = Infinity;
  // Each scene takes a second: of three crashes beside each other one is tried.
  const crashes = crashesAt(60).filter((_, at) => at % 3 === 0);
  for (const crash of [undefined, ...crashes]) {
    if (crash !== undefined && crash.after >= traces) break;
    const there = await site();
    const { simulated } = there;
    const before = [await connection(there, there.root), await connection(there, there.data)];
    const plan = await there.plan({ to: 'site-b' });
    const records = new Records();
    const live = async (life: Life): Promise<Outcome> => {
      await using cloud = connect({
        auth: {
          auth_url: 'http://sim.test/identity/v3',
          username: 'admin',
          password: 'secret-of-sim',
          project_name: 'admin',
          user_domain_name: 'Default',
          project_domain_name: 'Default',
        },
        region_name: 'RegionOne',
        clock: simulated.clock,
        fetch: async (input, init) => {
          const request = new Request(input, init);
          const send = (): Promise<Response> => simulated.handle(request);
          const changes = request.method !== 'GET' && !request.url.endsWith('/auth/tokens');
          try {
            life.mustLive();
            return await (changes ? life.leave(send) : send());
          } catch (cause) {
            throw new TypeError('fetch failed', { cause });
          }
        },
      });
      return run(plan, {
        approved: plan.digest,
        implementations: replicationImplementations({ cloud }),
        revisionOf: replicationRevisions(cloud),
        journal: records.journal(life),
      }).outcome;
    };
    const life = new Life(crash);
    let outcome = await live(life);
    if (life.isDead) outcome = await live(new Life());
    const state = { status: outcome.status, ...((await stateOf(there, before)) as object) };
    if (crash === undefined) {
      traces = life.traces;
      calm = state;
    } else if (JSON.stringify(state) !== JSON.stringify(calm)) wrong.push({ crash, state });
  }
  expect(calm).toMatchObject({
    status: 'succeeded',
    backend: ['failed-over', 'site-b', true],
    servers: ['ACTIVE', 'ACTIVE'],
    isAnew: [true, true],
  });
  expect(wrong).toEqual([]);
}, 300_000);
