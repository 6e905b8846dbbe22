import { isDeepStrictEqual } from 'node:util';
import type { Cloud } from '@groundcrew/core';
import { type Outcome, type Plan, run } from '@groundcrew/runbook';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPoint, type TenantPoint } from '../../src/point.ts';
import { planRestore, readTarget, restoreImplementations } from '../../src/restore.ts';
import { type Crash, crashesAt, Life, Records } from '../life.ts';
import { type Site, siteOf } from './site.ts';
import { buildTenant, shop } from './tenant.ts';
import { topologyOf } from './topology.ts';

/** Processes that restore, one after the other; a dead one leaves no record, and sends no request that changes anything. */
class Lives {
  readonly #records = new Records();
  readonly #crashes: Crash[];
  readonly #site: Site;
  #last = new Life();

  constructor(site: Site, crashes: readonly Crash[]) {
    this.#site = site;
    this.#crashes = [...crashes];
  }

  /** Things that left a trace in the last life. */
  get traces(): number {
    return this.#last.traces;
  }

  async live(plan: Plan, project: string, onFailure: 'stop' | 'roll-back' = 'stop'): Promise<Outcome> {
    const life = new Life(this.#crashes[0]);
    this.#last = life;
    const cloud = this.#site.client(project, async (input, init) => {
      const request = new Request(input, init);
      const send = (): Promise<Response> => this.#site.simulated.handle(request);
      const changes = request.method !== 'GET' && !request.url.endsWith('/auth/tokens');
      try {
        life.mustLive();
        return await (changes ? life.leave(send) : send());
      } catch (cause) {
        throw new TypeError('fetch failed', { cause });
      }
    });
    const outcome = await run(plan, {
      approved: plan.digest,
      implementations: restoreImplementations({ cloud }),
      journal: this.#records.journal(life),
      onFailure,
    }).outcome;
    if (life.isDead) this.#crashes.shift();
    return outcome;
  }
}

/** A site with a tenant that was read, into whose cloud restores are made. */
async function readShop() {
  const site = siteOf();
  const { cloud } = await site.project('shop');
  await buildTenant(cloud, shop);
  return { site, point: await readPoint(cloud, { project: 'shop' }) };
}

type ReadShop = Awaited<ReturnType<typeof readShop>>;

/** Restores that one site has hosts and addresses for. */
const RESTORES_A_SITE = 20;

/** A project of its own for each restore, in which nothing is yet: neither the user's key pair. */
async function scene({ site, point }: ReadShop, number: number) {
  const target = await site.project(`shop-${number}`);
  await target.cloud.compute.keypairs.delete({ id: 'key' }, { missingOk: true });
  const seen = await readTarget(target.cloud, { project: target.name });
  const restore = planRestore(point, seen, { project: target.name, volumes: 'empty' });
  if (!restore.ok) throw new Error(JSON.stringify(restore.refusals));
  return { site, point, target, plan: restore.plan, empty: await countsIn(target.cloud) };
}

type Scene = Awaited<ReturnType<typeof scene>>;

/** Gives scenes, on a new site whenever one is full. */
function sceneMaker(): () => Promise<Scene> {
  let read: ReadShop | undefined;
  let number = 0;
  return async () => {
    if (read === undefined || number % RESTORES_A_SITE === 0) {
      read = await readShop();
    }
    number += 1;
    return scene(read, number);
  };
}

/** How many of each kind a project has, with the key pairs of the user. */
async function countsIn(cloud: Cloud): Promise<Readonly<Record<string, number>>> {
  const point: TenantPoint = await readPoint(cloud, { project: (await cloud.token())?.project?.id ?? '' });
  const counts: Record<string, number> = {};
  for (const { kind } of point.resources) counts[kind] = (counts[kind] ?? 0) + 1;
  counts['keypair'] = (await Array.fromAsync(cloud.compute.keypairs.list())).length;
  return counts;
}

async function liveOn(
  { plan, target }: Scene,
  lives: Lives,
  onFailure: 'stop' | 'roll-back' = 'stop',
): Promise<Outcome> {
  for (let life = 0; life < 40; life += 1) {
    const outcome = await lives.live(plan, target.id, onFailure);
    if (outcome.status !== 'interrupted') return outcome;
  }
  throw new Error('it never ends');
}

const restoredIn = async ({ target }: Scene): Promise<readonly string[]> =>
  topologyOf(await readPoint(target.cloud, { project: target.id }));

const crashes: fc.Arbitrary<Crash> = fc.record({
  after: fc.integer({ min: 0, max: 40 }),
  trace: fc.constantFrom('left', 'lost'),
});

test('killed behind every single trace: no second thing, and all of it', async () => {
  const next = sceneMaker();
  const calm = await next();
  const undisturbed = new Lives(calm.site, []);
  expect(await liveOn(calm, undisturbed)).toMatchObject({ status: 'succeeded' });
  const { traces } = undisturbed;
  expect(traces).toBeGreaterThan(60);
  const wrong: unknown[] = [];
  for (const crash of crashesAt(traces)) {
    const killed = await next();
    const { status } = await liveOn(killed, new Lives(killed.site, [crash]));
    const [is, was] = [await restoredIn(killed), topologyOf(killed.point)];
    if (status !== 'succeeded' || !isDeepStrictEqual(is, was)) wrong.push({ ...crash, status, is, was });
  }
  expect(wrong).toEqual([]);
}, 600_000);

test('killed again and again, wherever: no second thing', async () => {
  const next = sceneMaker();
  await fc.assert(
    fc.asyncProperty(fc.array(crashes, { maxLength: 8 }), async (deaths) => {
      const killed = await next();
      const outcome = await liveOn(killed, new Lives(killed.site, deaths));
      expect(outcome).toMatchObject({ status: 'succeeded' });
      expect(await restoredIn(killed)).toEqual(topologyOf(killed.point));
    }),
    { numRuns: 30 },
  );
}, 300_000);

test('a restore that fails is undone: what it made is gone, killed or not, and nothing else', async () => {
  const next = sceneMaker();
  await fc.assert(
    fc.asyncProperty(fc.array(crashes, { maxLength: 4 }), async (deaths) => {
      const killed = await next();
      // One of the last things cannot be made: every other one was, or was under way.
      await killed.site.admin.network.quotas.update({ project_id: killed.target.id, floatingip: 0 });
      const outcome = await liveOn(killed, new Lives(killed.site, deaths), 'roll-back');
      expect(outcome).toMatchObject({ status: 'rolled-back' });
      expect(await countsIn(killed.target.cloud)).toEqual(killed.empty);
    }),
    { numRuns: 15 },
  );
}, 300_000);
