import { type Outcome, type Plan, run } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import {
  cinderBackupImplementations,
  planCinderRestore,
  planCinderRetention,
} from '../../src/cinder-backups.ts';
import { crashesAt, Life, Records } from '../life.ts';
import { type ChainSite, chainSite, planOf } from './chain-site.ts';

/** A process that carries out a plan, and may die. */
async function live({ site, project, repository }: ChainSite, plan: Plan, records: Records, life: Life) {
  const cloud = site.client(project, async (input, init) => {
    const request = new Request(input, init);
    const send = (): Promise<Response> => site.simulated.handle(request);
    const changes = request.method !== 'GET' && !request.url.endsWith('/auth/tokens');
    try {
      life.mustLive();
      return await (changes ? life.leave(send) : send());
    } catch (cause) {
      throw new TypeError('fetch failed', { cause });
    }
  });
  return run(plan, {
    approved: plan.digest,
    implementations: cinderBackupImplementations({ cloud, repository }),
    journal: records.journal(life),
  }).outcome;
}

/** Kills a run behind each of its traces, and lets the next process go on. @returns what each of them came to */
async function killedEverywhere(
  prepare: () => Promise<{ readonly there: ChainSite; readonly plan: Plan }>,
  state: (there: ChainSite) => Promise<unknown>,
): Promise<{ readonly calm: unknown; readonly others: readonly unknown[] }> {
  const ended = async (outcome: Outcome, there: ChainSite) => [outcome.status, await state(there)];
  const calmly = await prepare();
  const calmLife = new Life();
  const calm = await ended(await live(calmly.there, calmly.plan, new Records(), calmLife), calmly.there);
  const others: unknown[] = [];
  for (const crash of crashesAt(calmLife.traces)) {
    const { there, plan } = await prepare();
    const records = new Records();
    const life = new Life(crash);
    let outcome = await live(there, plan, records, life);
    if (life.isDead) outcome = await live(there, plan, records, new Life());
    others.push(await ended(outcome, there));
  }
  return { calm, others };
}

test('a backup that was begun is waited for, and no second one is begun; the records are stored once', async () => {
  const { calm, others } = await killedEverywhere(
    async () => {
      const there = await chainSite();
      await there.volume('db');
      return { there, plan: await there.plan() };
    },
    async ({ backups, repository }) => [
      (await backups()).map(({ status, is_incremental }) => `${status} ${is_incremental}`),
      (await repository.points()).points.map(({ completeness }) => completeness),
    ],
  );
  expect(calm).toEqual(['succeeded', [['available false'], ['complete']]]);
  for (const other of others) expect(other).toEqual(calm);
});

test('a restore goes on with the volume that it made', async () => {
  const { calm, others } = await killedEverywhere(
    async () => {
      const there = await chainSite();
      await there.volume('db');
      await there.execute(await there.plan());
      const [backup] = await there.backups();
      const restore = [{ backup: backup?.id ?? '', name: 'again' }];
      return { there, plan: planOf(await planCinderRestore({ cloud: there.cloud, restore })) };
    },
    async ({ cloud }) =>
      (await Array.fromAsync(cloud.blockStorage.volumes.list())).map(
        ({ name, status }) => `${name} ${status}`,
      ),
  );
  expect(calm).toEqual(['succeeded', ['again available', 'db available']]);
  for (const other of others) expect(other).toEqual(calm);
});

test('what was deleted is not missed', async () => {
  const { calm, others } = await killedEverywhere(
    async () => {
      const there = await chainSite();
      const id = await there.volume('db');
      for (const full of [undefined, undefined, 'all'] as const) {
        await there.execute(await there.plan({ full, records: false }));
        await there.site.simulated.clock.advance('1h');
      }
      const plan = planOf(
        planCinderRetention({
          backups: await there.backups(),
          volumes: [{ id }],
          keep: { last: 1 },
          now: there.cloud.clock.now(),
        }),
      );
      return { there, plan };
    },
    async ({ backups }) => (await backups()).map(({ is_incremental }) => is_incremental),
  );
  expect(calm).toEqual(['succeeded', [false]]);
  for (const other of others) expect(other).toEqual(calm);
});
