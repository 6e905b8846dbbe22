import { UnreadError } from '../../probing/ask.ts';

/** A node's own view of its cluster. Of each field: `undefined` if the node does not tell it. */
export interface WsrepStatus {
  /** `wsrep_on`: off although Galera is there means that what is written here is not replicated. */
  readonly on: boolean | undefined;
  /**
   * `wsrep_reject_queries`: `NONE`, `ALL`, `ALL_KILL`. With the last two a node that says ready, Primary and Synced
   * answers every client with an error; SHOW and SET work all the same.
   */
  readonly rejectsQueries: string | undefined;
  /** `wsrep_sst_donor_rejects_queries`: does it serve nobody while it gives its state to another? */
  readonly donorRejectsQueries: boolean | undefined;
  readonly clusterName: string | undefined;
  readonly nodeName: string | undefined;
  /** `wsrep_cluster_size`: members of the component that this node is in. */
  readonly clusterSize: number | undefined;
  /** `wsrep_cluster_status`: `Primary`, `non-Primary`, `Disconnected`. */
  readonly clusterStatus: string | undefined;
  /** The history that the component agrees on. Two that differ are two clusters. */
  readonly clusterStateUuid: string | undefined;
  readonly localStateUuid: string | undefined;
  /** `wsrep_cluster_conf_id`: how often membership has changed; -1 outside the primary component. */
  readonly configurationId: number | undefined;
  readonly ready: boolean | undefined;
  readonly connected: boolean | undefined;
  /** `wsrep_local_state_comment`: `Synced`, `Donor/Desynced`, `Joining`, `Joined`, `Initialized`. */
  readonly localState: string | undefined;
  /** Does this node give its state to another (or is it held out by `wsrep_desync`)? */
  readonly donor: boolean;
  /** Does this node still receive state, or catch up? */
  readonly joiner: boolean;
  /** `wsrep_desync` or `wsrep_desync_count`: held out on purpose, for a backup for instance. */
  readonly desynced: boolean | undefined;
  /** `wsrep_last_committed`; -1 if it has none. */
  readonly lastCommitted: number | undefined;
  /** `wsrep_flow_control_paused`: share of the time since the last FLUSH STATUS in which writing stood still, 0 to 1. */
  readonly flowControlPaused: number | undefined;
  /** `wsrep_evs_state`: `OPERATIONAL`, `GATHER`, … */
  readonly evsState: string | undefined;
  /** `wsrep_incoming_addresses`: what members tell clients; `AUTO` where none could be found. */
  readonly incomingAddresses: readonly string[];
  readonly providerVersion: string | undefined;
  /** `pc.weight` of the provider's options: what this node counts in a vote. */
  readonly weight: number | undefined;
}

export interface GaleraNode {
  readonly host: string;
  readonly port: number;
  /** The version of MariaDB: `10.11.14-MariaDB`. */
  readonly version: string;
  readonly readOnly: boolean | undefined;
  /** `'off'` of a database that has no Galera provider. */
  readonly wsrep: 'off' | WsrepStatus;
}

/**
 * Makes a node of what `SHOW GLOBAL STATUS` and `SHOW GLOBAL VARIABLES` said.
 *
 * @throws UnreadError if it is no database's answer
 */
export function galeraNode({
  host,
  port,
  status,
  variables,
}: {
  readonly host: string;
  readonly port: number;
  readonly status: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, string>;
}): GaleraNode {
  const version = variables.get('version');
  if (version === undefined || version === '')
    throw new UnreadError('cut', 'the database did not tell its version');
  const provider = variables.get('wsrep_provider');
  const base = { host, port, version, readOnly: readOnlyOf(variables.get('read_only')) };
  // A server that was built without Galera (MySQL's own) has no variable wsrep_*; one that has some has this one.
  const hasWsrep = [...variables.keys(), ...status.keys()].some((name) => name.startsWith('wsrep_'));
  // MariaDB's own word for none is `none` (mariadb.com/kb, wsrep_provider); an empty value is one that could not be read.
  if ((provider === undefined || provider === '') && hasWsrep)
    throw new UnreadError('cut', 'the database did not tell its wsrep_provider');
  if (provider === undefined || provider === 'none') return { ...base, wsrep: 'off' };
  const localState = told(status.get('wsrep_local_state_comment'));
  const desync = onOff(variables.get('wsrep_desync'));
  const desyncs = count(status.get('wsrep_desync_count'));
  const desynced =
    desync === undefined && desyncs === undefined
      ? undefined
      : desync === true || (desyncs !== undefined && desyncs > 0);
  return {
    ...base,
    wsrep: {
      on: onOff(variables.get('wsrep_on')),
      rejectsQueries: told(variables.get('wsrep_reject_queries'))?.toUpperCase(),
      donorRejectsQueries: onOff(variables.get('wsrep_sst_donor_rejects_queries')),
      clusterName: told(variables.get('wsrep_cluster_name')),
      nodeName: told(variables.get('wsrep_node_name')),
      clusterSize: count(status.get('wsrep_cluster_size')),
      clusterStatus: told(status.get('wsrep_cluster_status')),
      clusterStateUuid: told(status.get('wsrep_cluster_state_uuid')),
      localStateUuid: told(status.get('wsrep_local_state_uuid')),
      configurationId: count(status.get('wsrep_cluster_conf_id')),
      ready: onOff(status.get('wsrep_ready')),
      connected: onOff(status.get('wsrep_connected')),
      localState,
      // Of a node that does not tell its state neither is said; `mariadb.synced` then is unknown.
      donor: /donor/i.test(localState ?? ''),
      joiner: /^join/i.test(localState ?? ''),
      desynced,
      lastCommitted: count(status.get('wsrep_last_committed')),
      flowControlPaused: count(status.get('wsrep_flow_control_paused')),
      evsState: told(status.get('wsrep_evs_state')),
      // Shown only, and counted by nobody: the size is wsrep_cluster_size.
      incomingAddresses: (status.get('wsrep_incoming_addresses') ?? '')
        .split(',')
        .map((address) => address.trim())
        .filter((address) => address !== ''),
      providerVersion: told(status.get('wsrep_provider_version')),
      weight: count(
        /(?:^|;)\s*pc\.weight\s*=\s*(\d+)/.exec(variables.get('wsrep_provider_options') ?? '')?.[1],
      ),
    },
  };
}

const told = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

/** Galera prints its -1 as an unsigned number of 64 bits. */
function count(value: string | undefined): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  if (value === '18446744073709551615') return -1;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** `ON`, `OFF`; MariaDB 12 also has `NO_LOCK` and `NO_LOCK_NO_ADMIN`, which are stricter than ON. */
function readOnlyOf(value: string | undefined): boolean | undefined {
  return value === undefined || value === '' ? undefined : onOff(value) !== false;
}

function onOff(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (/^(on|1|true|yes)$/i.test(value)) return true;
  return /^(off|0|false|no)$/i.test(value) ? false : undefined;
}
