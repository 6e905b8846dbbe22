import { expect, test } from 'vitest';
import type { Batch, EventSource, ServerNotification } from '../../src/events.ts';
import { parseNotification, serverNotification } from '../../src/events.ts';
import { notificationEvidence, uptimeLedger } from '../../src/uptime.ts';
import { EventReader } from '../../src/uptime/event-reader.ts';
import { sqliteUptime } from '../../src/uptime/sqlite.ts';
import { systemClock } from '@groundcrew/ground';

const AT = Date.UTC(2026, 10, 29, 9);
const iso = (ms: number): string => new Date(ms).toISOString();

const told = (more: Partial<ServerNotification>): ServerNotification => ({
  id: 'm-1',
  at: iso(AT),
  format: 'versioned',
  publisher: 'nova-compute',
  event: 'update',
  isError: false,
  serverId: 's-1',
  projectId: 'p-1',
  name: undefined,
  host: 'compute-1',
  state: 'active',
  oldState: undefined,
  powerState: 'running',
  taskState: undefined,
  oldTaskState: undefined,
  requestId: 'req-1',
  launchedAt: undefined,
  deletedAt: undefined,
  ...more,
});

const message = (id: string, at: number, event: string, data: object): string =>
  JSON.stringify({
    message_id: id,
    event_type: `instance.${event}`,
    publisher_id: 'nova-compute:compute-1',
    timestamp: iso(at),
    payload: { 'nova_object.data': { uuid: 's-1', tenant_id: 'p-1', ...data } },
  });

test.each<[string, Partial<ServerNotification>, string | undefined]>([
  ['running', {}, 'up'],
  ['running, in the format that tells no power state', { powerState: undefined, publisher: 'compute' }, 'up'],
  ['active, but shut down', { powerState: 'shutdown' }, 'down'],
  ['active, but crashed', { powerState: 'crashed' }, 'down'],
  ['active, of which the power state is not known', { powerState: 'pending' }, 'unknown'],
  ['active while it is rebooted', { taskState: 'reboot_started_hard' }, 'unknown'],
  // Nova does not look at a guest that has a task: what it says is as old as that.
  ['active while it is snapshotted', { taskState: 'image_uploading' }, undefined],
  ['active while it moves', { taskState: 'migrating' }, undefined],
  ['active after a snapshot', { oldTaskState: 'image_uploading' }, undefined],
  ['active at the end of a snapshot', { event: 'snapshot.end' }, undefined],
  ['active after a start', { oldTaskState: 'powering-on' }, 'up'],
  ['active, says the API, which knows the database alone', { publisher: 'nova-api' }, undefined],
  ['active, says nobody', { publisher: undefined }, undefined],
  ['stopped, says the API', { publisher: 'nova-api', state: 'stopped' }, 'down'],
  ['paused', { state: 'paused', powerState: 'paused' }, 'down'],
  ['rescued: another system runs', { state: 'rescued' }, 'down'],
  ['soft-deleted', { state: 'soft-delete' }, 'down'],
  ['deleted', { state: 'deleted', powerState: 'pending' }, 'deleted'],
  ['in error', { state: 'error' }, 'unknown'],
  ['building', { state: 'building', powerState: 'pending' }, 'unknown'],
  ['a state that nobody knows yet', { state: 'dreaming' }, 'unknown'],
  ['no state', { state: undefined }, undefined],
  ['no time', { at: undefined }, undefined],
])('%s: %o is %s', (_, more, state) => {
  expect(notificationEvidence(told(more)).map((evidence) => evidence.state)).toEqual(
    state === undefined ? [] : [state],
  );
});

test('that it is up is true of some moment since Nova last looked; that it is down is true then', () => {
  const [up] = notificationEvidence(told({}), { powerSync: '2m' });
  expect([up?.earliest, up?.latest]).toEqual([AT - 120_000, AT]);
  const [down] = notificationEvidence(told({ state: 'stopped' }));
  expect([down?.earliest, down?.latest]).toEqual([AT, AT]);
  expect(down).toMatchObject({ id: 'notification:m-1', text: 'notification update (req-1)', project: 'p-1' });
});

/** A source that gives each batch until it is done with; what is not done comes again. */
function redelivering(batches: string[][]): EventSource & { readonly left: string[][] } {
  const left = [...batches];
  return {
    name: 'test',
    left,
    async *batches({ signal }) {
      while (left.length > 0 && !signal.aborted) {
        const messages = left[0] ?? [];
        const batch: Batch = {
          messages,
          done() {
            left.shift();
            return Promise.resolve();
          },
        };
        yield batch;
      }
    },
  };
}

const stop = message('m-2', AT + 10_000, 'power_off.end', { state: 'stopped', power_state: 'shutdown' });

test('messages are kept once, whatever comes twice, late, of another thing or unreadable, and then forgotten', async () => {
  await using ledger = await uptimeLedger({ store: sqliteUptime(':memory:') });
  const start = message('m-3', AT + 60_000, 'power_on.end', { state: 'active', power_state: 'running' });
  const source = redelivering([
    [stop, stop, '{', 'null'],
    [start],
    [message('m-4', AT, 'create.end', {}), stop],
  ]);
  const reader = new EventReader({ events: source, ledger, clock: systemClock, lag: 0, pause: 1 });
  await reader.run(new AbortController().signal);
  expect(source.left).toEqual([]);
  expect(reader.heard()).toEqual({ notifications: 5, gaps: [] });
  expect(reader.heard()).toEqual({ notifications: 0, gaps: [] });
  const up = await ledger.of({ server: 's-1' }, { from: iso(AT + 10_000), to: iso(AT + 60_000) });
  expect(up.durations).toMatchObject({ upMs: 0 });
  const states = up.intervals.map(({ state, because }) => [state, because]);
  expect(states[0]?.[1]).toMatch(/notification power_off\.end/);
});

test('a ledger that fails is tried again: nothing is forgotten before it is kept', async () => {
  await using ledger = await uptimeLedger({ store: sqliteUptime(':memory:') });
  let failures = 2;
  const source = redelivering([[stop]]);
  const flaky: Pick<typeof ledger, 'append'> = {
    append(evidence) {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new Error('the disk is full')) : ledger.append(evidence);
    },
  };
  const reader = new EventReader({ events: source, ledger: flaky, clock: systemClock, lag: 0, pause: 1 });
  await reader.run(new AbortController().signal);
  expect(source.left).toEqual([]);
  expect(reader.heard()).toEqual({ notifications: 1, gaps: ['the ledger: the disk is full'] });
});

test('a source that fails is read again after a pause, and told', async () => {
  await using ledger = await uptimeLedger({ store: sqliteUptime(':memory:') });
  const source = redelivering([[stop]]);
  let isBroken = true;
  const broken: EventSource = {
    name: 'broken',
    batches: (options) => {
      if (!isBroken) return source.batches(options);
      isBroken = false;
      throw new Error('connection lost');
    },
  };
  const reader = new EventReader({ events: broken, ledger, clock: systemClock, lag: 0, pause: 1 });
  await reader.run(new AbortController().signal);
  expect(reader.heard()).toEqual({ notifications: 1, gaps: ['broken: connection lost'] });
});

test('the names of both formats lead to the same evidence', () => {
  const old = JSON.stringify({
    message_id: 'm-9',
    event_type: 'compute.instance.power_off.end',
    publisher_id: 'compute.compute-1',
    timestamp: '2026-11-29 09:00:00',
    payload: { instance_id: 's-1', tenant_id: 'p-1', state: 'active', state_description: 'powering-off' },
  });
  const notification = parseNotification(old);
  const server = notification === undefined ? undefined : serverNotification(notification);
  expect(server).toMatchObject({ publisher: 'compute', taskState: 'powering-off' });
  expect(server === undefined ? [] : notificationEvidence(server)).toMatchObject([{ state: 'unknown' }]);
});
