import type { Cloud } from '@groundcrew/core';
import { implement, type Implementation, type Refusal } from '@groundcrew/runbook';
import { moveServer, setServerState, setTag } from './actions.ts';
import { asFound, changed, ownsPort } from './before-act.ts';
import type { ServerState } from './response.ts';

/** Tags of servers, and whether they are locked. */
const NOVA = '2.26';
const UNKNOWN_HOST = 'an unknown host';
/** Milliseconds between two looks. */
const LOOK = 1_000;

interface Seen {
  readonly status: string;
  readonly locked: boolean;
  readonly host: string | undefined;
  readonly task: string | null;
}

/** The implementations of the actions on servers. A state that was there already is left as it is, and an undo leaves it so, too. */
export function serverImplementations(cloud: Cloud): Implementation[] {
  const nova = cloud.compute.at(NOVA);
  const { servers } = nova;

  async function see(id: string, signal: AbortSignal): Promise<Seen> {
    const server = await servers.get({ id }, { signal });
    const host: unknown = server['OS-EXT-SRV-ATTR:host'];
    const task: unknown = server['OS-EXT-STS:task_state'];
    return {
      status: server.status,
      locked: server.locked,
      host: typeof host === 'string' ? host : undefined,
      // Nova shows it to whoever sees the server; were it hidden, Nova itself refuses what a task forbids (409).
      task: typeof task === 'string' ? task : null,
    };
  }

  async function until(id: string, so: (seen: Seen) => boolean, signal: AbortSignal): Promise<Seen> {
    for (;;) {
      const seen = await see(id, signal);
      if (so(seen)) return seen;
      if (seen.status === 'ERROR') throw new Error(`server ${id} is in ERROR`);
      await cloud.clock.sleep(LOOK, signal);
    }
  }

  const orders: Readonly<
    Record<ServerState, readonly [on: keyof typeof servers, off: keyof typeof servers]>
  > = {
    lock: ['lock', 'unlock'],
    pause: ['pause', 'unpause'],
    suspend: ['suspend', 'resume'],
    stop: ['stop', 'start'],
    shelve: ['shelve', 'unshelve'],
  };
  const order = async (id: string, state: ServerState, on: boolean, signal: AbortSignal): Promise<void> => {
    const call = servers[orders[state][on ? 0 : 1]] as (
      input: { id: string },
      options: object,
    ) => Promise<unknown>;
    await call({ id }, { signal });
  };
  const set = async (id: string, state: ServerState, on: boolean, signal: AbortSignal): Promise<Seen> => {
    const before = await see(id, signal);
    if (isIn(before, state) === on) return before;
    await order(id, state, on, signal);
    return until(id, (seen) => isIn(seen, state) === on && seen.task === null, signal);
  };

  /** Moves it, and confirms what Nova wants confirmed of a move of ours. */
  async function move(id: string, to: string, live: boolean, signal: AbortSignal): Promise<void> {
    const { host: from, task, status } = await see(id, signal);
    // An earlier attempt's move goes on in Nova.
    const isUnderWay = task === 'migrating' || task === 'resize_migrating' || task === 'resize_prep';
    if (!isUnderWay && status !== 'VERIFY_RESIZE')
      await (live
        ? cloud.compute.at('2.30').servers.liveMigrate({ id, host: to, block_migration: 'auto' }, { signal })
        : cloud.compute.at('2.56').servers.migrate({ id, host: to }, { signal }));
    const seen = await until(
      id,
      ({ task: now, status: is, host }) =>
        now === null && (host === to || is === 'VERIFY_RESIZE' || host === from),
      signal,
    );
    // Confirming destroys what is left on the host before: only if it is where it was to go.
    if (seen.status !== 'VERIFY_RESIZE' || seen.host !== to) return;
    await servers.confirmResize({ id }, { signal });
    await until(id, ({ status: is }) => is !== 'VERIFY_RESIZE', signal);
  }

  return [
    implement(setServerState, {
      async precondition({ server, state, ports }, { signal, attempt }): Promise<Refusal | undefined> {
        if (attempt > 1) return undefined;
        const { task } = await see(server, signal);
        return task !== null && state !== 'lock'
          ? busy(server, task)
          : ownsPort(cloud, server, ports, signal);
      },
      async perform({ server, state, on, leave }, { signal, attempt }) {
        const before = await see(server, signal);
        const reached = await set(server, state, on, signal);
        const isOver = leave !== 'SHUTOFF' || reached.status !== 'ACTIVE';
        const { status } = isOver ? reached : await set(server, 'stop', true, signal);
        const was = isIn(before, state);
        return { was, before: before.status, status, ...asFound(attempt, was === on) };
      },
      async verify({ server, state, on }, _, { signal }): Promise<Refusal | undefined> {
        const seen = await see(server, signal);
        return isIn(seen, state) === on
          ? undefined
          : {
              code: 'audit.not-reached',
              reason: `server ${server} is ${seen.status}`,
              remedy: 'Somebody changed it meanwhile.',
            };
      },
      async compensate({ server, state, on }, output, { signal }) {
        if (output?.was === on) return;
        await set(server, state, !on, signal);
      },
    }),

    implement(moveServer, {
      async precondition({ server, to, ports }, { signal, attempt }): Promise<Refusal | undefined> {
        const { host, status, task } = await see(server, signal);
        if (host === undefined)
          return {
            code: 'audit.host-unknown',
            reason: `server ${server}: its host is not shown`,
            remedy: 'Ask as an administrator.',
          };
        if (attempt > 1) return undefined;
        if (host === to) return changed(`server ${server} (${status}) is on ${to} already`);
        // Somebody else's move is not to be continued here, nor somebody else's resize to be confirmed.
        if (task !== null) return busy(server, task);
        if (status === 'VERIFY_RESIZE')
          return changed(`server ${server} waits for its owner to confirm a resize, or to revert it`);
        return ownsPort(cloud, server, ports, signal);
      },
      async done({ server, to }, { signal }) {
        const seen = await see(server, signal);
        return seen.host === to && seen.task === null ? { from: 'before a crash', to } : undefined;
      },
      async perform({ server, to, live }, { signal, progress }) {
        const { host: from } = await see(server, signal);
        // An undo would not know where it is to go back to.
        if (from === undefined) throw new Error(`server ${server}: its host is not shown`);
        progress(`${server} leaves ${from}`);
        await move(server, to, live, signal);
        return { from, to: (await see(server, signal)).host ?? UNKNOWN_HOST };
      },
      async verify({ server, to }, _, { signal }): Promise<Refusal | undefined> {
        const { host } = await see(server, signal);
        return host === to
          ? undefined
          : {
              code: 'audit.not-moved',
              reason: `server ${server} is on ${host ?? UNKNOWN_HOST}, not on ${to}: Nova refused it, or it failed`,
              remedy: 'Look at its migrations and instance actions.',
            };
      },
      async compensate({ server, live }, output, { signal }) {
        if (output === undefined || output.from === 'before a crash') return;
        await move(server, output.from, live, signal);
      },
    }),

    implement(setTag, {
      async perform({ server, tag, on }, { signal, attempt }) {
        const tags = await Array.fromAsync(nova.serverTags.list({ server_id: server }, { signal }));
        const was = tags.includes(tag);
        if (on && !was) await nova.serverTags.add({ server_id: server, tag }, { signal });
        if (!on && was) await nova.serverTags.delete({ server_id: server, tag }, { signal });
        return { was, ...asFound(attempt, was === on) };
      },
      async compensate({ server, tag, on }, output, { signal }) {
        if (output?.was === on) return;
        if (on) await nova.serverTags.delete({ server_id: server, tag }, { signal, missingOk: true });
        else await nova.serverTags.add({ server_id: server, tag }, { signal });
      },
    }),
  ];
}

const busy = (server: string, task: string): Refusal => ({
  code: 'audit.busy',
  reason: `server ${server} is in the middle of something: ${task}`,
  remedy: 'Judge it again when that is over.',
});

/** Tells whether a server is in a state, whatever other states it is in. */
export function isIn({ status, locked }: Pick<Seen, 'status' | 'locked'>, state: ServerState): boolean {
  switch (state) {
    case 'lock':
      return locked;
    case 'pause':
      return status === 'PAUSED';
    case 'suspend':
      return status === 'SUSPENDED';
    case 'stop':
      return status === 'SHUTOFF';
    case 'shelve':
      return status === 'SHELVED' || status === 'SHELVED_OFFLOADED';
  }
}
