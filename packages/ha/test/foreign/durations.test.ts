import { systemClock } from '@groundcrew/core';
import { localHost } from '@groundcrew/runbook/hosts';
import { describe, expect, test } from 'vitest';
import { drillImplementations } from '../../src/drill/drill-implementations.ts';
import type { DrillFault } from '../../src/drill/fault.ts';
import { planDrill } from '../../src/drill/plan-drill.ts';
import { enrollImplementations } from '../../src/enroll/enroll-implementations.ts';
import { renderHaproxy } from '../../src/enroll/render-haproxy.ts';
import { renderKeepalived } from '../../src/enroll/render-keepalived.ts';
import { commandDriver } from '../../src/fencing/command.ts';
import { fencer } from '../../src/fencing/fencer.ts';
import { ipmiDriver } from '../../src/fencing/ipmi.ts';
import { redfishDriver } from '../../src/fencing/redfish.ts';
import { perHostObserver } from '../../src/instances/observers/per-host-observer.ts';
import { pingObserver } from '../../src/instances/observers/ping.ts';
import { powerObserver } from '../../src/instances/observers/power.ts';
import { storageHeartbeatObserver } from '../../src/instances/observers/storage-heartbeat.ts';
import { tcpObserver } from '../../src/instances/observers/tcp.ts';
import { haPolicy } from '../../src/instances/policy.ts';
import { activePassiveImplementations } from '../../src/enroll/active-passive/active-passive-implementations.ts';
import { ActivePassiveOptions } from '../../src/enroll/active-passive/active-passive-options.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { roomyView } from './roomy-view.ts';

const here = localHost();
const driver = commandDriver({
  via: here,
  status: ['s', '{host}'],
  off: ['o', '{host}'],
  on: ['n', '{host}'],
});
const status = ['s', '{host}'] as const;
const faults: DrillFault[] = [{ kind: 'freeze', host: 'h', victim: 'v', pids: ['echo', '1'] }];
const target = { name: 't', probe: async () => ({ ok: true }) as const };
const router = {
  router: 'lb-1',
  script: '/etc/keepalived/check',
  interface: 'eth0',
  routerId: 51,
  priority: 150,
  source: '10.0.0.1',
  addresses: [{ address: '10.0.0.10', prefix: 24 }],
};
const service = {
  name: 'keystone',
  bind: { address: '10.0.0.10', port: 5_000 },
  servers: [{ name: 'api-1', address: '10.0.0.3', port: 5_000 }],
};
const socket = '/run/haproxy/admin.sock';

/** Every option of this package that is a duration, by the path that an error names. */
const takers: readonly (readonly [field: string, call: (value: never) => unknown])[] = [
  ['interval', (interval) => fencer({ drivers: [driver], interval })],
  ['timeout', (timeout) => fencer({ drivers: [driver], timeout })],
  ['timeout', (timeout) => redfishDriver({ hosts: {}, timeout })],
  ['timeout', (timeout) => ipmiDriver({ hosts: {}, via: here, timeout })],
  ['timeout', (timeout) => commandDriver({ via: here, status, off: status, on: status, timeout })],
  ['timeout', (timeout) => tcpObserver({ address: 22, timeout })],
  ['timeout', (timeout) => powerObserver(driver, { timeout })],
  ['timeout', (timeout) => pingObserver({ canaries: ['10.0.0.1'], timeout })],
  ['silence', (silence) => storageHeartbeatObserver({ lastWrite: async () => 1, silence })],
  ['timeout', (timeout) => storageHeartbeatObserver({ lastWrite: async () => 1, silence: '1s', timeout })],
  [
    'timeout',
    (timeout) =>
      perHostObserver({
        id: 'i',
        clock: systemClock,
        observeHost: async () => ({ state: 'up', statement: '' }),
        timeout,
      }),
  ],
  ...(['freshness', 'dumpLimit', 'flapWindow', 'retryAfter', 'stagger', 'serverTimeout'] as const).map(
    (field) => [field, (value: never) => haPolicy({ [field]: value })] as const,
  ),
  ...(['detect', 'fence', 'evacuate'] as const).map(
    (field) =>
      [
        `times.${field}`,
        (value: never) => simulate({ view: roomyView() }, { hosts: ['a'] }, { times: { [field]: value } }),
      ] as const,
  ),
  ...(['baseline', 'limit', 'settle', 'interval', 'timeout', 'slowerBy'] as const).map(
    (field) =>
      [
        `timing.${field}`,
        (value: never) => planDrill({ target: 't', faults, timing: { [field]: value } }),
      ] as const,
  ),
  ...(['downtime', 'mttr'] as const).map(
    (field) =>
      [
        `aims.${field}`,
        (value: never) => planDrill({ target: 't', faults, aims: { [field]: value } }),
      ] as const,
  ),
  ['watchEvery', (watchEvery) => drillImplementations({ target, hosts: [here], watchEvery })],
  ['within', (within) => enrollImplementations({ hosts: [here], within })],
  ['within', (within) => activePassiveImplementations({ hosts: [here], within })],
  ['scriptEvery', (scriptEvery) => renderKeepalived({ ...router, scriptEvery })],
  ['advertInterval', (advertInterval) => renderKeepalived({ ...router, advertInterval })],
  ...(['every', 'everyInDoubt', 'timeout'] as const).map(
    (field) =>
      [
        `services.0.check.${field}`,
        (value: never) => renderHaproxy({ socket, services: [{ ...service, check: { [field]: value } }] }),
      ] as const,
  ),
];

describe.each(takers)('%s', (field, call) => {
  test.each([['15'], [-1], [Number.NaN], ['-1s'], ['1 h'], [Infinity], [null]])('refuses %j', (wrong) => {
    expect(() => call(wrong as never)).toThrow(expect.objectContaining({ name: 'InputError', field }));
  });

  test('takes text with a unit', () => {
    expect(() => call('2s' as never)).not.toThrow();
  });
});

test('a policy in text is the same in numbers, and is milliseconds', () => {
  const policy = haPolicy({ flapWindow: '1d', freshness: '30s', serverTimeout: '5m' });
  expect(policy).toEqual(haPolicy());
  expect(policy).toMatchObject({ flapWindow: 86_400_000, freshness: 30_000, serverTimeout: 300_000 });
  expect(haPolicy(policy)).toEqual(policy);
});

test.each([
  ['scriptEvery', () => renderKeepalived({ ...router, scriptEvery: '1500ms' })],
  ['scriptEvery', () => renderKeepalived({ ...router, scriptEvery: 2 })],
])('keepalived takes whole seconds for %s: others are refused by name', (field, call) => {
  expect(call).toThrow(expect.objectContaining({ name: 'InputError', field }));
});

test('the files of programs have the units of those programs', () => {
  const text = renderKeepalived({ ...router, scriptEvery: '2s', advertInterval: '250ms' });
  expect(text).toContain('    interval 2\n    timeout 3\n');
  expect(text).toContain('advert_int 0.25');
  expect(renderHaproxy({ socket, services: [{ ...service, check: { every: '1.5s' } }] })).toContain(
    'inter 1500ms',
  );
});

test.each(['2500ms', 10, '2h'])('Pacemaker is given whole seconds, up to an hour: not %j', (monitor) => {
  const parsed = ActivePassiveOptions.safeParse({ nodes: ['ctl-1'], agent: 'systemd:x', monitor });
  expect(parsed.error?.issues[0]?.path).toEqual(['monitor']);
});
