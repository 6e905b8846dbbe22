import type { WsrepStatus } from './galera-node.ts';

/** Does a node answer its clients' queries, as far as it tells? */
export interface Serving {
  /** `undefined`: it does not tell enough. */
  readonly good: boolean | undefined;
  /** After its name. */
  readonly words: string;
  readonly because: string;
  readonly remedy: string;
}

/**
 * `true` if Galera lets clients' queries through. A node that is Primary, Synced and ready still refuses each of them with
 * `wsrep_reject_queries` (MariaDB's `dispatch_command` answers ER_UNKNOWN_COM_ERROR and lets only SHOW and SET pass), and
 * a donor does so with `wsrep_sst_donor_rejects_queries`.
 */
export function serving(wsrep: WsrepStatus): Serving {
  const { ready, rejectsQueries, donor, donorRejectsQueries, localState } = wsrep;
  // One that does not tell its state may be a donor.
  const mayReject = (donor || localState === undefined) && donorRejectsQueries !== false;
  const because = `wsrep_ready ${shown(ready)}, wsrep_reject_queries ${rejectsQueries ?? 'not told'}${donor ? `, wsrep_sst_donor_rejects_queries ${shown(donorRejectsQueries)}` : ''}`;
  const say = (good: boolean | undefined, words: string, remedy: string): Serving => ({
    good,
    words,
    because,
    remedy,
  });
  if (ready === false)
    return say(false, 'takes no queries: it is not ready', 'Bring it into the primary component.');
  if (rejectsQueries !== undefined && rejectsQueries !== 'NONE')
    return say(
      false,
      `rejects every query (${rejectsQueries})`,
      'SET GLOBAL wsrep_reject_queries = NONE, when whoever set it is done.',
    );
  if (donor && donorRejectsQueries === true)
    return say(
      false,
      'rejects every query while it is a donor',
      'Wait until the transfer is over; send clients elsewhere meanwhile.',
    );
  if (ready === undefined || rejectsQueries === undefined || mayReject)
    return say(
      undefined,
      'does not tell whether it takes queries',
      'Read wsrep_ready, wsrep_local_state_comment, wsrep_reject_queries and wsrep_sst_donor_rejects_queries there.',
    );
  return say(true, 'is ready, and rejects no queries', '');
}

const shown = (value: boolean | undefined): string =>
  value === undefined ? 'not told' : value ? 'ON' : 'OFF';
