import { action } from '@groundcrew/runbook';
import * as z from 'zod';
import { showPosition } from './galera-files.ts';

const host = z.string().min(1);
const Position = z.strictObject({ uuid: z.guid(), seqno: z.int().min(0) });
/** Everybody who is looked at again before a step that cannot be undone. */
const Everybody = { hosts: z.array(host).min(1), acceptLoss: z.array(host) };

const Membership = z.object({
  clusterSize: z.int(),
  uuid: z.string(),
  /** `wsrep_last_committed`. */
  lastCommitted: z.int(),
});

/** Looks again whether a node is as it was when the plan was made. */
export const confirmGaleraNode = action({
  name: 'ha.galera-confirm',
  title: ({ host: name, position }) =>
    position === undefined
      ? `See that ${name} does not run`
      : `See that ${name} does not run, and is at ${showPosition(position)}`,
  input: z.strictObject({ host, position: Position.optional() }),
  output: z.object({ position: Position.optional() }),
  rollback: 'free',
});

/** Stops a node that serves nobody, so that its position can be recovered. */
export const stopGaleraNode = action({
  name: 'ha.galera-stop',
  title: ({ host: name }) => `Stop ${name}, which is in no component that serves`,
  input: z.strictObject({ host, hosts: Everybody.hosts }),
  output: z.object({}),
  rollback: 'free',
});

/** Writes `safe_to_bootstrap` of a node that does not run. */
export const markGaleraBootstrap = action({
  name: 'ha.galera-mark-bootstrap',
  title: ({ host: name, safe }) => `Set safe_to_bootstrap: ${safe ? 1 : 0} on ${name}`,
  input: z.strictObject({ host, safe: z.boolean() }),
  output: z.object({ before: z.boolean().nullable() }),
  rollback: 'free',
});

/** Begins the cluster again. */
export const bootstrapGalera = action({
  name: 'ha.galera-bootstrap',
  title: ({ host: name, position }) => `Begin the cluster again with ${name}, at ${showPosition(position)}`,
  input: z.strictObject({ host, position: Position, ...Everybody }),
  output: Membership,
  rollback: 'none',
  key: ({ host: name, position }) => `ha.galera-bootstrap/${name}/${showPosition(position)}`,
});

/** Starts a node, which gets what it missed from the others. */
export const joinGaleraNode = action({
  name: 'ha.galera-join',
  title: ({ host: name }) => `Start ${name} as a joiner, and wait until it is Synced`,
  input: z.strictObject({ host, hosts: Everybody.hosts }),
  output: Membership,
  rollback: 'none',
});

/** Lets a node go on that a signal stopped; it joins again by itself. */
export const thawGaleraNode = action({
  name: 'ha.galera-thaw',
  title: ({ host: name }) => `Let ${name} go on (SIGCONT), and wait until it is Synced`,
  input: z.strictObject({ host, hosts: Everybody.hosts }),
  output: Membership,
  rollback: 'free',
});

/** Ends a frozen server, which cannot leave in order. */
export const killGaleraNode = action({
  name: 'ha.galera-kill',
  title: ({ host: name }) => `End the frozen server of ${name} (SIGKILL); its data stay`,
  input: z.strictObject({ host, hosts: Everybody.hosts }),
  output: z.object({}),
  rollback: 'free',
});

/** Starts the node that began the cluster once more, as an ordinary member. */
export const restartGaleraNode = action({
  name: 'ha.galera-restart',
  title: ({ host: name }) => `Restart ${name} as an ordinary member, without --wsrep-new-cluster`,
  input: z.strictObject({ host, hosts: Everybody.hosts }),
  output: Membership,
  rollback: 'free',
});
