import { counted, type Finding } from '@groundcrew/ground';
import { found, seenOf, some } from '../../probing/report.ts';
import type { JudgeOptions } from '../assess-options.ts';
import type { Seen } from '../seen.ts';
import type { HaproxyProxy } from './haproxy-stat.ts';
import type { HaproxyStatus } from './observe-haproxy.ts';
import { describeServer } from './server-words.ts';

/** Judges what each HAProxy believes of the servers behind it. */
export function judgeHaproxy(haproxy: readonly Seen<HaproxyStatus>[], options: JudgeOptions): Finding[] {
  return seenOf(haproxy).flatMap(({ where, value }) => {
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
    const backends = value.proxies.filter((proxy) => proxy.servers.length > 0);
    return [...old, ...backends.flatMap((proxy) => backendFindings(where, value.address, proxy, options))];
  });
}

function backendFindings(
  where: { source: string; at: string },
  balancer: string,
  proxy: HaproxyProxy,
  { machineOf }: JudgeOptions,
): Finding[] {
  const subject = { kind: 'backend', id: `${proxy.name} at ${balancer}`, name: proxy.name };
  const up = proxy.servers.filter((server) => server.up === true);
  const untold = proxy.servers.filter((server) => server.up === undefined);
  const unchecked = untold.filter((server) => server.status === 'no check');
  const isUnchecked = unchecked.length > 0;
  const places = [...new Set(up.map((server) => server.address ?? server.name))];
  const machines = new Set(places.map(machineOf));
  const because = proxy.servers.map(describeServer);
  const base = { id: 'haproxy.backend', subject, because } as const;
  const findings: Finding[] = [];
  if (up.length === 0 && untold.length === 0)
    findings.push(
      found(where, {
        ...base,
        severity: 'critical',
        good: false,
        title: `${proxy.name}: no server is up`,
        remedy: `Look at ${some(proxy.servers.map((server) => server.name))}.`,
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
  // One that is not told to be up, nor down, may be the second.
  else if (places.length === 1 && untold.length > 0)
    findings.push(
      found(where, {
        ...base,
        severity: 'high',
        good: undefined,
        title: `${proxy.name}: ${places[0]} is up; whether ${some(untold.map((server) => server.name))} works is not known`,
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
            ? `${proxy.name}: ${counted(places.length, 'server')} up`
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
        title: `${proxy.name}: nobody checks ${some(unchecked.map((server) => server.name))}`,
        because: unchecked.map(describeServer),
        remedy: 'Add `check`: without it a dead server gets its share of requests.',
      }),
    );
  const down = proxy.servers.filter((server) => server.up === false);
  if (down.length > 0 && up.length > 0)
    findings.push(
      found(where, {
        id: 'haproxy.server-down',
        subject,
        severity: 'medium',
        good: false,
        title: `${proxy.name}: ${some(down.map((server) => `${server.name} ${server.status}`))}`,
        because: down.map(describeServer),
        remedy: 'Start it, or put it back from maintenance.',
      }),
    );
  return findings;
}
