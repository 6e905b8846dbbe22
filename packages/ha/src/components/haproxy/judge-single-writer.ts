import type { Finding } from '@groundcrew/ground';
import { found, seenOf } from '../../probing/report.ts';
import type { JudgeOptions } from '../assess-options.ts';
import type { Seen } from '../seen.ts';
import type { HaproxyProxy } from './haproxy-stat.ts';
import type { HaproxyStatus } from './observe-haproxy.ts';
import { describeServer } from './server-words.ts';

/** The proxies that carry the database, by the name that they were given, or that everybody gives them. */
function databaseProxiesOf(
  haproxy: readonly Seen<HaproxyStatus>[],
  { databaseProxies }: JudgeOptions,
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
export function judgeSingleWriter(haproxy: readonly Seen<HaproxyStatus>[], options: JudgeOptions): Finding[] {
  return databaseProxiesOf(haproxy, options).map(({ where, proxy }) => {
    const active = proxy.servers.filter((server) => server.up !== false && server.backup !== true);
    const writers = active.filter((server) => server.backup === false);
    // Whether it may write as well is not told of these.
    const untold = active.length - writers.length;
    const known = untold === 0 || writers.length > 1;
    // With one writer gone, all backups are in use at once only by `option allbackups`, which the socket does not tell.
    return found(where, {
      id: 'mariadb.single-writer',
      subject: { kind: 'backend', id: `${proxy.name} (${where.source})`, name: proxy.name },
      severity: 'high',
      good: known ? writers.length <= 1 : undefined,
      title: !known
        ? `To how many nodes ${proxy.name} writes is not told`
        : writers.length <= 1
          ? `${proxy.name} writes to one node`
          : `${proxy.name} writes to ${writers.length} nodes`,
      because: proxy.servers.map(
        (server) =>
          `${describeServer(server)}${server.backup === undefined ? ', whether backup is not told' : server.backup ? ', backup' : ''}`,
      ),
      remedy: 'Mark all but one server `backup`.',
    });
  });
}
