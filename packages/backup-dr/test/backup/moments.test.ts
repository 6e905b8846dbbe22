import { type Outcome, run } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import { type BackupHook, backupImplementations } from '../../src/backup.ts';
import { crashesAt, Life, Records } from '../life.ts';
import { readers } from './readers.ts';
import { CONSISTENT, shop } from './shop.ts';

/** A hook that says what happened. */
function hookOf(said: string[], more: Partial<BackupHook> = {}): BackupHook {
  return {
    server: 'db',
    before: async ({ name, volumes }) => void said.push(`rest ${name} ${volumes.length}`),
    after: async ({ name }) => void said.push(`go on ${name}`),
    ...more,
  };
}

describe('the disks of a server', () => {
  test('are of one moment, and the point says so; what no server has is of its own', async () => {
    const { plan, execute, stored, disks, lone, server, counts } = await shop();
    const before = await counts();
    expect(await execute(await plan())).toMatchObject({ status: 'succeeded' });
    const point = await stored();
    for (const id of disks)
      expect(point.get(id)?.bytes).toMatchObject({
        at: expect.stringMatching(/^\d{4}-/),
        together: { server, spreadMs: expect.any(Number), consistency: 'crash', how: 'snapshots' },
      });
    expect(point.get(lone)?.bytes?.together).toBeUndefined();
    expect(await counts()).toEqual(before);
  });

  test('one of which no snapshot can be made is a gap, and the other is stored', async () => {
    const { site, plan, execute, stored, disks, repository, counts } = await shop();
    const before = await counts();
    const planned = await plan();
    site.simulated.volumes.fail('snapshot');
    expect(await execute(planned)).toMatchObject({ status: 'succeeded' });
    const point = await stored();
    expect(disks.filter((id) => point.get(id)?.bytes !== undefined)).toHaveLength(1);
    expect((await repository.latest())?.gaps.filter(({ what }) => what.startsWith('bytes'))).toHaveLength(1);
    expect(await counts()).toEqual(before);
  });
});

describe('a hook', () => {
  test('has its application at rest for the snapshots, and not while bytes are read', async () => {
    const { site, plan, execute, stored, disks } = await shop();
    const said: string[] = [];
    const snapshotsSoFar = (): number =>
      site.simulated.requests.all.filter(
        ({ method, path: where }) => method === 'POST' && where.endsWith('/snapshots'),
      ).length;
    let [atRest, goingOn] = [-1, -1];
    const hooks = [
      hookOf(said, {
        before: async ({ name, volumes }) => {
          atRest = snapshotsSoFar();
          said.push(`rest ${name} ${volumes.length}`);
        },
        after: async ({ name }) => {
          goingOn = snapshotsSoFar();
          said.push(`go on ${name}`);
        },
      }),
    ];
    const planned = await plan(hooks);
    expect(JSON.stringify(planned.steps[0]?.input)).toContain('"hooks":["db"]');
    expect(await execute(planned, hooks)).toMatchObject({ status: 'succeeded' });
    expect(said).toEqual(['rest db 2', 'go on db']);
    expect(goingOn - atRest).toBe(2);
    const point = await stored();
    for (const id of disks) expect(point.get(id)?.bytes?.together?.consistency).toBe('application');
  });

  test.each([
    ['continue', 'succeeded', 'crash', 1],
    ['leave-out', 'succeeded', undefined, 3],
    ['fail', 'failed', undefined, 0],
  ] as const)('that fails: %s', async (onError, status, consistency, gaps) => {
    const { plan, execute, stored, disks, repository, counts } = await shop();
    const before = await counts();
    const said: string[] = [];
    const hooks = [
      hookOf(said, {
        onError,
        before: async () => {
          throw new Error('the database is away');
        },
      }),
    ];
    expect(await execute(await plan(hooks), hooks)).toMatchObject({ status });
    expect(said).toEqual(['go on db']);
    expect(await counts()).toEqual(before);
    const kept = await repository.latest();
    expect(kept === undefined).toBe(status === 'failed');
    if (kept === undefined) return;
    const point = await stored();
    for (const id of disks) expect(point.get(id)?.bytes?.together?.consistency).toBe(consistency);
    const told = (await repository.latest())?.gaps.map(({ what, why }) => `${what}: ${why}`) ?? [];
    expect(told.filter((text) => /hook|bytes/.test(text))).toHaveLength(gaps);
    expect(told.join('\n')).toContain('the database is away');
  });

  test('that never ends is given up, and one that lets go on at the third attempt is no gap', async () => {
    const { plan, execute, repository } = await shop();
    let attempts = 0;
    const hooks = [
      hookOf([], {
        timeout: '5s',
        before: () => new Promise<void>(() => undefined),
        after: async () => {
          attempts += 1;
          if (attempts < 3) throw new Error('not yet');
        },
      }),
    ];
    expect(await execute(await plan(hooks), hooks)).toMatchObject({ status: 'succeeded' });
    expect(attempts).toBe(3);
    const gaps = (await repository.latest())?.gaps.filter(({ what }) => what.startsWith('the hook'));
    expect(gaps).toEqual([
      { what: 'the hook before the snapshots of server db', why: 'it took longer than 5 s' },
    ]);
  });

  test('that lets nothing go on is told in the point', async () => {
    const { plan, execute, repository } = await shop();
    const hooks = [
      hookOf([], {
        after: async () => {
          throw new Error('no route to host');
        },
      }),
    ];
    expect(await execute(await plan(hooks), hooks)).toMatchObject({ status: 'succeeded' });
    expect((await repository.latest())?.gaps).toContainEqual({
      what: 'the hook after the snapshots of server db',
      why: 'no route to host: it may still be at rest',
    });
  });

  test('of a server that there is not is refused, and so are other hooks than were planned', async () => {
    const { plan, execute } = await shop();
    await expect(plan([hookOf([], { server: 'nobody' })])).rejects.toThrow('backup.no-server');
    expect(JSON.stringify(await execute(await plan(), [hookOf([])]))).toContain('backup.other-hooks');
    await expect(plan([{ ...hookOf([]), timeout: 'soon' as never }])).rejects.toMatchObject({
      field: 'hooks.0.timeout',
    });
  });
});

test.each([
  ['a snapshot of each disk', undefined],
  ['a snapshot of their group', CONSISTENT],
])(
  'killed behind every act: the next one lets the server go on first, and nothing is left in the cloud: %s',
  async (_, group) => {
    const wrong: unknown[] = [];
    // One life through, to know how many traces there are; then one death at each.
    const deaths = [undefined, ...crashesAt(40)];
    let traces = Infinity;
    for (const crash of deaths) {
      if (crash !== undefined && crash.after >= traces) break;
      const { site, project, repository, engine, plan, counts } = await shop({ group });
      const before = await counts();
      let isAtRest = false;
      const hooks = [
        hookOf([], {
          before: async () => {
            isAtRest = true;
          },
          after: async () => {
            isAtRest = false;
          },
        }),
      ];
      const planned = await plan(hooks);
      const records = new Records();
      const live = async (life: Life): Promise<Outcome> => {
        // A dead process writes nothing into the repository either.
        engine.before = async (method) => {
          if (method === 'put') await life.leave(async () => undefined);
          else life.mustLive();
        };
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
        const dead = async (act: () => Promise<void>): Promise<void> => {
          life.mustLive();
          await act();
        };
        return run(planned, {
          approved: planned.digest,
          implementations: backupImplementations({
            cloud,
            repository,
            reader: readers.attachment(cloud),
            // A dead process calls no hook.
            hooks: hooks.map((hook) => ({
              ...hook,
              before: (server, options) => dead(() => hook.before(server, options)),
              after: (server, options) => dead(() => hook.after(server, options)),
            })),
          }),
          journal: records.journal(life),
        }).outcome;
      };
      const life = new Life(crash);
      let outcome = await live(life);
      if (crash === undefined) traces = life.traces;
      if (life.isDead) outcome = await live(new Life());
      engine.before = () => undefined;
      const left = await counts();
      const { points } = await repository.points();
      if (outcome.status !== 'succeeded' || isAtRest || points.length !== 1 || left.join() !== before.join())
        wrong.push({ crash, status: outcome.status, isAtRest, points: points.length, left, before });
    }
    expect(wrong).toEqual([]);
  },
  120_000,
);
