import type { Finding, Refusal } from '@groundcrew/runbook';
import { type AssessStackOptions, machineOfAddress } from '../assess-options.ts';
import type { HaproxyProxy, HaproxyServer } from './haproxy-stat.ts';
import { found, gapsOf, notAsked, plural, seenOf, some, unseenRefusals } from '../../probing/report.ts';
import type { StackSnapshot } from '../snapshot.ts';

/** Judges what each HAProxy believes of the servers behind it. */
export function judgeHaproxy({ haproxy }: StackSnapshot, options: AssessStackOptions): Finding[] {
  return [
    ...gapsOf(haproxy, { id: 'haproxy.unseen' }),
    ...seenOf(haproxy).flatMap(({ where, value }) => {
      const old = value.stopping
        ? [
            found(where, {
              id: 'haproxy.stopping',
              subject: { kind: 'load balancer', id: value.address },
              severity: 'low',
              good: false,
              title: 'An old process answers, which only finishes what it has',
              because: `Stopping: 1, pid ${value.pid ?? '?'}`,
              remedy: 'Ask the new one: its socket should have replaced this.',
            }),
          ]
        : [];
      const backends = value.proxies.filter((one) => one.servers.length > 0);
      return [...old, ...backends.flatMap((proxy) => ofBackend(where, value.address, proxy, options))];
    }),
  ];
}

function ofBackend(
  where: { source: string; at: string },
  balancer: string,
  proxy: HaproxyProxy,
  options: AssessStackOptions,
): Finding[] {
  const machineOf = options.machineOf ?? machineOfAddress;
  const subject = { kind: 'backend', id: `${proxy.name} at ${balancer}`, name: proxy.name };
  const up = proxy.servers.filter((one) => one.up === true);
  const untold = proxy.servers.filter((one) => one.up === undefined);
  const unchecked = untold.filter((one) => one.status === 'no check');
  const isUnchecked = unchecked.length > 0;
  const places = [...new Set(up.map((one) => one.address ?? one.name))];
  const machines = new Set(places.map(machineOf));
  const because = proxy.servers.map(saying);
  const base = { id: 'haproxy.backend', subject, because } as const;
  const findings: Finding[] = [];
  if (up.length === 0 && untold.length === 0)
    findings.push(
      found(where, {
        ...base,
        severity: 'critical',
        good: false,
        title: `${proxy.name}: no server is up`,
        remedy: `Look at ${some(proxy.servers.map((one) => one.name))}.`,
      }),
    );
  else if (up.length === 0)
    findings.push(
      found(where, {
        ...base,
        severity: 'high',
        good: undefined,
        title: `${proxy.name}: whether a server works is not known${isUnchecked ? ', nobody checks' : ''}`,
        remedy: isUnchecked ? 'Add `check` to its servers.' : 'Look at the servers themselves.',
      }),
    );
  else
    findings.push(
      found(where, {
        ...base,
        severity: 'high',
        good: places.length > 1,
        title:
          places.length > 1
            ? `${proxy.name}: ${plural(places.length, 'server')} up`
            : up.length > 1
              ? `${proxy.name}: its ${up.length} servers are all ${places[0]}: a single point of failure`
              : `${proxy.name}: ${places[0]} alone is up: a single point of failure`,
        remedy:
          proxy.servers.length > up.length
            ? 'Bring the servers back that are down.'
            : 'Add a second server, on another machine.',
      }),
    );
  if (places.length > 1 && machines.size === 1)
    findings.push(
      found(where, {
        id: 'haproxy.one-machine',
        subject,
        severity: 'medium',
        good: false,
        title: `${proxy.name}: all servers that are up are on ${[...machines][0]}`,
        because,
        remedy: 'Put one on another machine.',
      }),
    );
  if (unchecked.length > 0 && up.length > 0)
    findings.push(
      found(where, {
        id: 'haproxy.unchecked',
        subject,
        severity: 'medium',
        good: false,
        title: `${proxy.name}: nobody checks ${some(unchecked.map((one) => one.name))}`,
        because: unchecked.map(saying),
        remedy: 'Add `check`: without it a dead server gets its share of requests.',
      }),
    );
  const down = proxy.servers.filter((one) => one.up === false);
  if (down.length > 0 && up.length > 0)
    findings.push(
      found(where, {
        id: 'haproxy.server-down',
        subject,
        severity: 'medium',
        good: false,
        title: `${proxy.name}: ${some(down.map((one) => `${one.name} ${one.status}`))}`,
        because: down.map(saying),
        remedy: 'Start it, or put it back from maintenance.',
      }),
    );
  return findings;
}

/** The proxies that carry the database, by the name that they were given, or that everybody gives them. */
function databaseProxiesOf(
  { haproxy }: StackSnapshot,
  { databaseProxies }: AssessStackOptions,
): {
  readonly where: { source: string; at: string };
  readonly proxy: HaproxyProxy;
}[] {
  const wanted = (name: string): boolean =>
    databaseProxies === undefined
      ? /mariadb|mysql|galera|percona/i.test(name)
      : databaseProxies.includes(name);
  return seenOf(haproxy).flatMap(({ where, value }) =>
    value.proxies
      .filter((proxy) => proxy.servers.length > 0 && wanted(proxy.name))
      .map((proxy) => ({ where, proxy })),
  );
}

/** Several writers make certification conflicts, which OpenStack's services see as deadlocks. */
export function judgeSingleWriter(snapshot: StackSnapshot, options: AssessStackOptions): Finding[] {
  return databaseProxiesOf(snapshot, options).map(({ where, proxy }) => {
    const writers = proxy.servers.filter((one) => one.up !== false && !one.backup);
    // With one writer gone, all backups are in use at once only by `option allbackups`, which the socket does not tell.
    return found(where, {
      id: 'mariadb.single-writer',
      subject: { kind: 'backend', id: `${proxy.name} (${where.source})`, name: proxy.name },
      severity: 'high',
      good: writers.length <= 1,
      title:
        writers.length <= 1
          ? `${proxy.name} writes to one node`
          : `${proxy.name} writes to ${writers.length} nodes`,
      because: proxy.servers.map((one) => `${saying(one)}${one.backup ? ', backup' : ''}`),
      remedy: 'Mark all but one server `backup`.',
    });
  });
}

/** Draining or stopping the only server of a backend stops the service. */
export function refuseLastServer({ haproxy }: StackSnapshot): Refusal[] {
  const what = 'Which servers are up is not known';
  if (haproxy.length === 0) return [notAsked('haproxy.unseen', what)];
  const last = seenOf(haproxy).flatMap(({ where, value }) =>
    value.proxies.flatMap((proxy): Refusal[] => {
      const up = proxy.servers.filter((one) => one.up === true);
      const [only] = up;
      const places = new Set(up.map((one) => one.address ?? one.name));
      if (only === undefined || places.size !== 1) return [];
      return [
        {
          code: 'haproxy.last-server',
          reason: `${only.name} is the last server of ${proxy.name} that is up`,
          remedy: 'Bring another one up first.',
          subject: { kind: 'server', id: `${proxy.name}/${only.name}` },
          because: proxy.servers.map((one) => ({ statement: saying(one), ...where })),
        },
      ];
    }),
  );
  return [...unseenRefusals(haproxy, 'haproxy.unseen', what), ...last];
}

const saying = (server: HaproxyServer): string =>
  `${server.name}${server.address === undefined ? '' : ` ${server.address}`}: ${server.status}${server.check === undefined ? '' : `, ${server.check}`}${server.checkSaid === undefined ? '' : ` (${server.checkSaid})`}`;
