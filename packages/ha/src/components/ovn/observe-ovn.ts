import { aHost } from '../../option-parts.ts';
import { checkedHostOptions, commandParts, type HostCommandOptions, runOn } from '../../probing/ask-host.ts';
import type { Observed } from '@groundcrew/core';
import type { Host } from '@groundcrew/runbook';
import * as z from 'zod';
import { type ComponentObserver, observeOne, type ReadingOptions } from '../component-observer.ts';
import { UnreadError } from '../../probing/ask.ts';
import { ovnClusterStatus, type OvnRaft } from './ovn-cluster-status.ts';

const NORTHBOUND = 'OVN_Northbound';

const OvnTarget = z.strictObject({
  host: aHost,
  database: z.enum(['OVN_Northbound', 'OVN_Southbound']),
  /** The server's control socket. Default: where OVN's packages put it, `/var/run/ovn/ovnnb_db.ctl`. */
  control: z.string().min(1).optional(),
  ...commandParts,
});

/** One server of one of OVN's databases, and the host that it runs on. */
export interface OvnTarget extends Readonly<z.input<typeof OvnTarget>> {}

/** One server of one of OVN's databases. */
export interface OvnDatabase {
  readonly host: string;
  readonly database: 'OVN_Northbound' | 'OVN_Southbound';
  /** `'standalone'` of a database that is not clustered: one server, maybe with a copy that somebody must promote. */
  readonly raft: 'standalone' | OvnRaft;
}

type Target = z.output<typeof OvnTarget>;

async function readDatabase(
  { host, database, control, ...command }: Target,
  options: ReadingOptions,
): Promise<OvnDatabase> {
  const socket =
    control ?? (database === 'OVN_Northbound' ? '/var/run/ovn/ovnnb_db.ctl' : '/var/run/ovn/ovnsb_db.ctl');
  const tell = (...words: string[]): ReturnType<Host['run']> =>
    runOn(host, ['ovs-appctl', '-t', socket, ...words], { ...command, ...options });
  const status = await tell('cluster/status', database);
  if (status.exitCode === 0) return { host: host.name, database, raft: ovnClusterStatus(status.stdout) };
  const databases = await tell('ovsdb-server/list-dbs');
  if (
    NOT_CLUSTERED.test(status.stderr) &&
    databases.exitCode === 0 &&
    databases.stdout.split('\n').some((line) => line.trim() === database)
  )
    return { host: host.name, database, raft: 'standalone' };
  const said = (databases.exitCode === 0 ? status : databases).stderr.trim().slice(0, 300);
  if (/permission denied/i.test(said)) throw new UnreadError('denied', said, { remedy: 'Ask as root.' });
  throw new UnreadError('failed', said || `ovs-appctl ended with ${status.exitCode}`, {
    remedy: `Look whether the server of ${database} runs there, and where its control socket is.`,
  });
}

/**
 * The words of a server without any clustered database, which does not know the command (ovs `lib/unixctl.c`), and of one with
 * others, which does not know this cluster (ovs `ovsdb/raft.c`, `raft_unixctl_status`). What fails for another reason does not say
 * that there is no cluster.
 */
const NOT_CLUSTERED = /is not a valid command|unknown cluster/i;

/** The observer of the servers of OVN's databases. */
export const ovnObserver: ComponentObserver<'ovn', OvnTarget, OvnDatabase> = {
  key: 'ovn',
  target: OvnTarget,
  source: ({ host, database }: Target) => `ovn ${database} on ${host.name}`,
  observe: readDatabase,
  componentOf: ({ value, source }) =>
    (value?.database ?? (source.includes(NORTHBOUND) ? NORTHBOUND : 'OVN_Southbound')) === NORTHBOUND
      ? 'ovn-northbound'
      : 'ovn-southbound',
};

/**
 * Asks an OVSDB server, on its own host, for the cluster of one of OVN's databases.
 *
 * @throws InputError
 */
export async function observeOvn(
  target: OvnTarget,
  options: HostCommandOptions = {},
): Promise<Observed<OvnDatabase | undefined>> {
  const { command, check } = checkedHostOptions('observeOvn', options);
  return observeOne('observeOvn', ovnObserver, { ...target, ...command }, check);
}
