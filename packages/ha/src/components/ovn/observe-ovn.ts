import { aHost } from '../../option-parts.ts';
import { type HostCommandOptions, runOn, checkedHostOptions } from '../../probing/ask-host.ts';
import { parseArguments } from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';
import type { Host } from '@groundcrew/runbook';
import * as z from 'zod';
import { ask, UnreadError } from '../../probing/ask.ts';
import { ovnClusterStatus, type OvnRaft } from './ovn-cluster-status.ts';

const OvnTarget = z.strictObject({
  host: aHost,
  database: z.enum(['OVN_Northbound', 'OVN_Southbound']),
  /** The server's control socket. Default: where OVN's packages put it, `/var/run/ovn/ovnnb_db.ctl`. */
  control: z.string().min(1).optional(),
});

export type OvnTarget = Readonly<z.input<typeof OvnTarget>>;

export interface OvnDatabase {
  readonly host: string;
  readonly database: 'OVN_Northbound' | 'OVN_Southbound';
  /** `'standalone'` of a database that is not clustered: one server, maybe with a copy that somebody must promote. */
  readonly raft: 'standalone' | OvnRaft;
}

/**
 * Asks an OVSDB server, on its own host, for the cluster of one of OVN's databases.
 *
 * @throws InputError
 */
export async function observeOvn(
  target: OvnTarget,
  options: HostCommandOptions = {},
): Promise<Observed<OvnDatabase | undefined>> {
  checkedHostOptions('observeOvn', options);
  const { host, database, control } = parseArguments('observeOvn', OvnTarget, target);
  const socket =
    control ?? (database === 'OVN_Northbound' ? '/var/run/ovn/ovnnb_db.ctl' : '/var/run/ovn/ovnsb_db.ctl');
  return ask(
    `ovn ${database} on ${host.name}`,
    async (signal) => {
      const tell = (...words: string[]): ReturnType<Host['run']> =>
        runOn(host, ['ovs-appctl', '-t', socket, ...words], options, signal);
      const status = await tell('cluster/status', database);
      if (status.exitCode === 0) return { host: host.name, database, raft: ovnClusterStatus(status.stdout) };
      // A server without any clustered database does not know the command, one with others not this cluster.
      const databases = await tell('ovsdb-server/list-dbs');
      if (databases.exitCode === 0 && databases.stdout.split('\n').some((line) => line.trim() === database))
        return { host: host.name, database, raft: 'standalone' };
      const said = (databases.exitCode === 0 ? status : databases).stderr.trim().slice(0, 300);
      if (/permission denied/i.test(said)) throw new UnreadError('denied', said, { remedy: 'Ask as root.' });
      throw new UnreadError('failed', said || `ovs-appctl ended with ${status.exitCode}`, {
        remedy: `Look whether the server of ${database} runs there, and where its control socket is.`,
      });
    },
    options,
  );
}
