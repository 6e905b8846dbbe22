import { InputError } from '@groundcrew/ground';
import { memoryJournal } from '@groundcrew/runbook';
import { status } from '@groundcrew/sim';
import { expect, test } from 'vitest';
import { decide } from '../../src/instances/decide.ts';
import { emptyHistory } from '../../src/instances/history.ts';
import { postMortem } from '../../src/instances/post-mortem.ts';
import { postMortemPage } from '../../src/instances/post-mortem-page.ts';
import { reconcile } from '../../src/instances/reconcile.ts';
import { recoveryOf, siteWithServers } from './site.ts';
import { hostView, siteWithDead } from './situations.ts';

test('the account of a recovery in which one server failed', async () => {
  const site = await siteWithServers(3);
  site.boards.crash('compute-2');
  const path = new RegExp(`${site.servers[1]}/action$`);
  site.simulated.fault({
    match: { operation: 'servers.evacuate', path },
    reply: status(500, { message: '<b>no</b>' }),
  });
  const plan = await recoveryOf(site, 'compute-2');
  const journal = memoryJournal();
  await site.execute(plan, { journal, by: 'controller-1' });
  const records = await journal.read();

  const account = postMortem(records, decide(siteWithDead(8, ['compute-2'])));
  expect(account).toMatchObject({
    title: 'Recover 3 servers of compute-2',
    outcome: 'partially-succeeded',
    counts: { moved: 2, failed: 1, 'not-tried': 0, running: 0 },
    takenOver: 0,
  });
  expect(account.servers.map(({ name, state }) => [name, state])).toEqual(
    [
      ['vm-1', 'moved'],
      ['vm-2', 'failed'],
      ['vm-3', 'moved'],
    ].toSorted((a, b) => order(a[0]) - order(b[0])),
  );
  expect(account.failures).toMatchObject([{ phase: 'action' }]);
  expect(account.timeline[0]?.what).toBe('Begun by controller-1: Recover 3 servers of compute-2');
  expect(account.timeline.at(-1)?.what).toBe('Ended: partially-succeeded');
  expect(account.because).toContain('gate host-really-down open: no sign of life');
  expect(account.durations.fenceMs).toBeGreaterThanOrEqual(0);

  const page = postMortemPage(account);
  expect(page).toContain('partially-succeeded: 2 of 3 servers run elsewhere.');
  expect(page).toContain('&lt;b&gt;no&lt;/b&gt;');
  expect(page).not.toContain('<b>no</b>');

  function order(name: string | undefined): number {
    return account.servers.findIndex((server) => server.name === name);
  }
});

test('of one that was cut off it tells how far it came', async () => {
  const site = await siteWithServers(1);
  site.boards.crash('compute-2');
  const plan = await recoveryOf(site, 'compute-2');
  const journal = memoryJournal();
  await site.execute(plan, { journal });
  const cut = (await journal.read()).slice(0, 8);
  expect(postMortem(cut)).toMatchObject({
    outcome: undefined,
    endedAt: undefined,
    durations: { totalMs: undefined },
  });
  expect(() => postMortem([])).toThrow(InputError);
});

test('what nobody accounts for is found', () => {
  const { cloud, policy } = siteWithDead(3, []);
  const marked = (phase: string) =>
    hostView('compute-2', {
      enabled: false,
      forcedDown: true,
      disabledReason: `groundcrew: ${phase} (run-7)`,
    });
  const found = (phase: string, recoveries = emptyHistory.recoveries): unknown[] =>
    reconcile({ ...cloud, hosts: [marked(phase)] }, { observations: [], recoveries }, policy).map(
      ({ id, severity }) => [id, severity],
    );
  expect(found('evacuating')).toEqual([['ha.orphan', 'critical']]);
  expect(found('evacuated')).toEqual([['ha.orphan', 'medium']]);
  expect(found('evacuating', [{ host: 'compute-2', startedAt: 0, state: 'running' }])).toEqual([]);
  expect(reconcile({ ...cloud, hosts: undefined }, emptyHistory, policy)[0]?.verdict).toBe('unknown');
  const reserve = reconcile(cloud, emptyHistory, { ...policy, reservedHosts: ['compute-3'] });
  expect(reserve).toMatchObject([{ id: 'ha.reserve-in-use', subject: { id: 'compute-3' } }]);
});
