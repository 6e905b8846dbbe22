import { action } from '@groundcrew/runbook';
import { z } from 'zod';

const Host = z.strictObject({ host: z.string().min(1) });
const HostAndService = z.strictObject({ host: z.string().min(1), service: z.string().min(1) });
const When = z.iso.datetime();

/** Cuts the power of a host and proves that it is off. */
export const fenceHost = action({
  name: 'ha.fence-host',
  title: ({ host }) => `Power off ${host}, and see that it stays off`,
  input: z.strictObject({
    host: z.string().min(1),
    /** Its last heartbeat when this was planned; with a later one it is left alone. */
    lastHeard: When.nullable(),
  }),
  output: z.object({ method: z.string(), verifiedOffAt: When, readings: z.int() }),
  rollback: 'free',
});

/** Tells Nova that the host is down, and disables its service. */
export const declareDown = action({
  name: 'ha.declare-down',
  title: ({ host }) => `Declare nova-compute on ${host} down, and disable it`,
  input: HostAndService,
  output: z.object({ reason: z.string() }),
  rollback: 'free',
});

/** The targets of a server, tried in order: a host, or `null` for the scheduler's choice. */
const Targets = z.array(z.string().nullable()).min(1);

/** Rebuilds a server on another host. */
export const evacuateServer = action({
  name: 'ha.evacuate-server',
  title: ({ name, host, targets }) =>
    `Evacuate ${name} from ${host} to ${targets.map((target) => target ?? 'where the scheduler says').join(', else to ')}`,
  input: z.strictObject({
    server: z.string().min(1),
    name: z.string(),
    host: z.string().min(1),
    /** Nova's `vm_state` when it was planned; afterwards it is the same, errors excepted. */
    state: z.string(),
    targets: Targets,
    /** Time limit with each target. */
    timeoutMs: z.number().positive(),
    /** Time between the starts of two evacuations. */
    staggerMs: z.number().min(0),
    /** Further hosts that may run it, by an unfinished migration: each must be proven off, too. */
    alsoOff: z.array(z.string().min(1)).default([]),
    /** Its state is one that Nova does not evacuate: it is reset to `error` first. */
    reset: z.boolean().default(false),
  }),
  output: z.object({ to: z.string(), status: z.string(), migration: z.string() }),
  rollback: 'none',
});

/** A server that no step moves, and why. */
const NotMoved = z.strictObject({
  server: z.string(),
  name: z.string(),
  state: z.string(),
  code: z.string(),
  reason: z.string(),
});

/** Counts the servers that are left, releases unused reserves, and notes that the host may be repaired. */
export const closeRecovery = action({
  name: 'ha.close-recovery',
  title: ({ host }) => `See what is left on ${host}, and give back reserves that were not needed`,
  input: z.strictObject({
    host: z.string().min(1),
    service: z.string().min(1),
    reserves: z.array(z.string()),
    servers: z.array(z.string()),
    /** Servers of the host that this plan does not move, each with the reason. */
    notMoved: z.array(NotMoved).default([]),
  }),
  output: z.object({
    /** Servers that were seen on another host. */
    moved: z.int(),
    /** Servers of the plan that are still on the host. */
    left: z.array(z.string()),
    /** Servers of the plan that were deleted meanwhile. */
    gone: z.array(z.string()).default([]),
    /** Servers of the plan whose host Nova did not report. */
    unseen: z.array(z.string()).default([]),
    /** Further servers on the host, which the plan did not move. */
    others: z.array(z.string()).default([]),
    reservesInUse: z.array(z.string()),
  }),
  rollback: 'free',
});

/** Turns a host on. */
export const powerOn = action({
  name: 'ha.power-on',
  title: ({ host }) => `Power on ${host}`,
  input: Host,
  output: z.object({}),
  rollback: 'free',
});

/** Waits for the nova-compute of the host, withdraws `forced_down`, and waits until Nova counts the host as up. */
export const awaitService = action({
  name: 'ha.await-service',
  title: ({ host }) => `Wait for nova-compute on ${host}, and let Nova believe its heartbeats`,
  input: HostAndService,
  output: z.object({ heartbeat: When }),
  rollback: 'free',
});

/** Enables the service, so that the scheduler uses the host again. */
export const enableHost = action({
  name: 'ha.enable-host',
  title: ({ host }) => `Enable nova-compute on ${host}`,
  input: HostAndService,
  output: z.object({}),
  rollback: 'free',
});
