import { expect, onTestFinished, test } from 'vitest';
import { forecast, serverHistory } from '../../src/capacity.ts';
import { uptimeLedger, type UptimeEvidence, type UptimeLedger } from '../../src/uptime.ts';
import { sqliteUptime } from '../../src/uptime/sqlite.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 1);

async function ledgerOf(evidence: readonly UptimeEvidence[]): Promise<UptimeLedger> {
  const ledger = await uptimeLedger({ store: sqliteUptime(':memory:') });
  onTestFinished(() => ledger.close());
  expect((await ledger.append(evidence)).refused).toEqual([]);
  return ledger;
}

const HOUR = 3_600_000;
/** A server that was created on a day, and seen every hour until another. */
function seen(
  server: string,
  from: number,
  to: number,
  state: 'up' | 'down' = 'up',
  project = 'p',
): UptimeEvidence[] {
  const subject = { server };
  const created = START + from * DAY;
  const made: UptimeEvidence = {
    id: `create:${server}`,
    subject,
    project,
    state: 'not-created',
    earliest: created,
    latest: created,
    source: 'action',
  };
  return [
    made,
    ...Array.from({ length: (to - from) * 24 }, (_, hour): UptimeEvidence => {
      const at = created + 1 + hour * HOUR;
      return { id: `${server}:${hour}`, subject, project, state, earliest: at, latest: at, source: 'poll' };
    }),
  ];
}
const days = (to: number) => ({ from: START, to: START + to * DAY, staleness: '2h' as const });

test('servers are counted day by day, stopped ones too; before its creation a server is none', async () => {
  const ledger = await ledgerOf([...seen('a', 0, 4), ...seen('b', 2, 4, 'down')]);
  const history = await serverHistory(ledger, days(4));
  expect(history.map(({ at }) => at.slice(0, 13))).toEqual([1, 2, 3, 4].map((day) => `2026-11-0${day}T12`));
  // Of the last hour of the last day nothing is known: no poll closes it.
  expect(history.map(({ used }) => Math.round(used.lower))).toEqual([1, 1, 2, 2]);
  for (const { used } of history) expect((used.upper ?? NaN) - used.lower).toBeLessThan(0.1);
  expect(history[1]?.used.upper).toBeLessThan(1.01);
});

test('a day that nobody saw has bounds, and not the count of the days around it', async () => {
  const gap = [START + DAY + HOUR, START + 2 * DAY - HOUR] as const;
  const evidence = seen('a', 0, 3).filter(({ latest }) => latest < gap[0] || latest > gap[1]);
  const history = await serverHistory(await ledgerOf(evidence), days(3));
  const [, unseen] = history;
  expect(unseen?.used.lower).toBeLessThan(0.2);
  expect(unseen?.used.upper).toBeCloseTo(1, 1);
});

test('of one project; what is left at the end is no point', async () => {
  const ledger = await ledgerOf([...seen('a', 0, 3), ...seen('b', 0, 3, 'up', 'q')]);
  const history = await serverHistory(ledger, { ...days(2), to: START + 2.5 * DAY, project: 'q' });
  expect(history.map(({ used }) => Math.round(used.lower * 10) / 10)).toEqual([1, 1]);
});

test('twenty days of a growing cloud are a line that fills', async () => {
  const ledger = await ledgerOf(Array.from({ length: 20 }, (_, day) => seen(`s${day}`, day, 20)).flat());
  const history = await serverHistory(ledger, days(20));
  const { verdict, from, points } = forecast(history, { limit: 30 });
  expect(verdict).toBe('fills');
  expect(points).toEqual({ used: 20, unknown: 0 });
  expect(Math.round((Date.parse(from ?? '') - START) / DAY)).toBeGreaterThan(25);
});
