import type { Completeness, Observed } from '@groundcrew/core';
import { type Cloud, connect, isInputError } from '@groundcrew/core';
import type { Finding } from '@groundcrew/ground';
import { type SimulatedCloud, simulateCloud } from '@groundcrew/sim';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assess, observe, readInventory, type UptimeTargetOptions } from '../src/index.ts';
import { type UptimeLedger, uptimeLedger } from '../src/uptime.ts';
import { sqliteUptime } from '../src/uptime/sqlite.ts';
import { at, poll } from './uptime/evidence.ts';

let simulated: SimulatedCloud;
let cloud: Cloud;
let ledger: UptimeLedger;
/** A server of the simulated cloud, and the others. */
let first = '';
let others: string[] = [];
const projects = new Map<string, string>();

beforeEach(async () => {
  simulated = simulateCloud({ scenario: 'site' });
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  cloud = connect({ ...connectOptions, clock: simulated.clock });
  ledger = await uptimeLedger({ store: sqliteUptime(':memory:') });
  const { servers } = await readInventory(cloud);
  for (const { id, tenant_id } of servers.value) projects.set(id, tenant_id);
  [first = '', ...others] = servers.value.map(({ id }) => id);
  expect(others.length).toBeGreaterThan(0);
});
afterEach(async () => {
  await ledger.close();
  await cloud.close();
  await simulated.close();
});

/** Polls each minute of an hour, of which some saw it down. */
const watched = (server: string, isDown: (minute: number) => boolean = () => false) =>
  Array.from({ length: 63 }, (_, index) =>
    poll(server, index - 1, isDown(index - 1) ? 'down' : 'up', { project: projects.get(server) }),
  );
const hour = { from: at(0), to: at(60), skew: 0 } as const;

const findings = async (more: Partial<UptimeTargetOptions> = {}): Promise<readonly Finding[]> => {
  const snapshot = await observe(cloud, { uptime: { ledger, of: 'server', target: 0.9, ...hour, ...more } });
  return assess(snapshot).filter(({ id }) => id === 'monitoring.uptime');
};

describe('against a target', () => {
  test('all servers that there are were up long enough: a pass, which says of how many', async () => {
    await ledger.append([first, ...others].flatMap((id) => watched(id)));
    expect(await findings()).toMatchObject([
      {
        verdict: 'pass',
        title: `${1 + others.length} servers of the ledger were up for 90 % of the time or more`,
        because: [{ source: 'the uptime ledger' }],
      },
    ]);
  });

  test('one that was not fails by its name, and does not hide behind the others', async () => {
    await ledger.append(watched(first, (minute) => minute >= 20 && minute < 30));
    await ledger.append(others.flatMap((id) => watched(id)));
    expect(await findings()).toMatchObject([
      {
        verdict: 'fail',
        title: `server ${first} was not up for 90 % of the time`,
        subject: { kind: 'server', id: first },
        because: [{ statement: `it was up for 81.666 % to 85 % from ${at(0)} to ${at(60)}` }],
      },
    ]);
    // By the bounds of another target it is open, or met.
    expect(await findings({ target: 0.83 })).toMatchObject([
      { verdict: 'unknown', title: 'Whether 1 server was up for 83 % of the time is not known' },
    ]);
    expect(await findings({ target: 0.8 })).toMatchObject([{ verdict: 'pass' }]);
  });

  test('a server of the inventory that nobody watched is unknown, whatever the ledger says of others', async () => {
    await ledger.append(watched(first));
    const [unknown, ...more] = await findings();
    expect(more).toEqual([]);
    expect(unknown).toMatchObject({ verdict: 'unknown', subject: { kind: 'inventory', id: 'uptime' } });
    expect(unknown?.because[0]?.statement).toMatch(
      new RegExp(`^of the inventory it does not know ${others.length}: `),
    );
  });

  test('an empty ledger, one that cannot be read, and an inventory with gaps never pass', async () => {
    expect((await findings()).map(({ verdict }) => verdict)).toEqual(['unknown']);
    const broken = { report: () => Promise.reject(new Error('the database has gone')) };
    expect(await findings({ ledger: broken })).toMatchObject([
      { verdict: 'unknown', because: [{ statement: 'the database has gone', source: 'the uptime ledger' }] },
    ]);
    await ledger.append([first, ...others].flatMap((id) => watched(id)));
    const inventory = await readInventory(cloud);
    const partial: Observed<typeof inventory.servers.value> = {
      ...inventory.servers,
      completeness: 'partial' satisfies Completeness,
    };
    const snapshot = await observe(cloud, {
      inventory: { ...inventory, servers: partial },
      uptime: { ledger, of: 'server', target: 0.9, ...hour },
    });
    expect(assess(snapshot).filter(({ id }) => id === 'monitoring.uptime')).toMatchObject([
      { verdict: 'unknown', title: 'Whether each server was up for 90 % of the time is not known' },
    ]);
  });

  test('by project: the servers of each together', async () => {
    await ledger.append(watched(first, (minute) => minute >= 20 && minute < 30));
    await ledger.append(others.flatMap((id) => watched(id)));
    const all = new Set(projects.values());
    const found = await findings({ of: 'project', target: 0.999 });
    expect(found.map(({ verdict, subject }) => [verdict, subject.id])).toEqual([
      ['fail', projects.get(first)],
    ]);
    expect(all.size).toBeGreaterThan(0);
  });
});

test.each([
  [{ target: 1.2 }, 'uptime.target'],
  [{ of: 'rack' }, 'uptime.of'],
  [{ misspelt: 1 }, 'misspelt'],
  [{ month: '2026-11' }, 'month'],
] as const)('a question that is none is refused: %j', async (wrong, field) => {
  const error: unknown = await findings(wrong as unknown as Partial<UptimeTargetOptions>).catch(
    (reason: unknown) => reason,
  );
  expect(isInputError(error) && `${error.field} ${error.message}`).toContain(field);
});
