import { UnreadError } from './ask.ts';

/** A node's own view of its cluster. Of each field: `undefined` if the node does not tell it. */
export interface WsrepStatus {
  /** `wsrep_on`: off although Galera is there means that what is written here is not replicated. */
  readonly on: boolean;
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
  readonly desynced: boolean;
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
  /** Of MariaDB: `10.11.14-MariaDB`. */
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
  const provider = variables.get('wsrep_provider') ?? '';
  const base = { host, port, version, readOnly: onOff(variables.get('read_only')) };
  if (provider === '' || provider === 'none') return { ...base, wsrep: 'off' };
  const localState = told(status.get('wsrep_local_state_comment'));
  const desynced =
    onOff(variables.get('wsrep_desync')) === true || (count(status.get('wsrep_desync_count')) ?? 0) > 0;
  return {
    ...base,
    wsrep: {
      on: onOff(variables.get('wsrep_on')) !== false,
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
      donor: /donor/i.test(localState ?? ''),
      joiner: /^join/i.test(localState ?? ''),
      desynced,
      lastCommitted: count(status.get('wsrep_last_committed')),
      flowControlPaused: count(status.get('wsrep_flow_control_paused')),
      evsState: told(status.get('wsrep_evs_state')),
      incomingAddresses: (status.get('wsrep_incoming_addresses') ?? '')
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
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

function onOff(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (/^(on|1|true|yes)$/i.test(value)) return true;
  return /^(off|0|false|no)$/i.test(value) ? false : undefined;
}
