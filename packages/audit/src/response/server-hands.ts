import type { Cloud } from '@groundcrew/core';
import { implement, type Implementation, type Refusal } from '@groundcrew/runbook';
import { moveServer, setServerState, setTag } from './actions.ts';
import type { ServerState } from './response.ts';

/** Tags of servers, and whether they are locked. */
const NOVA = '2.26';
/** Milliseconds between two looks. */
const LOOK = 1_000;

interface Seen {
  readonly status: string;
  readonly locked: boolean;
  readonly host: string | undefined;
  readonly task: string | null;
}

/** The hands for servers. A state that was there already is left as it is, and an undo leaves it so, too. */
export function serverHands(cloud: Cloud): Implementation[] {
  const nova = cloud.compute.at(NOVA);
  const { servers } = nova;

  async function see(id: string, signal: AbortSignal): Promise<Seen> {
    const one = await servers.get({ id }, { signal });
    const host: unknown = one['OS-EXT-SRV-ATTR:host'];
    const task: unknown = one['OS-EXT-STS:task_state'];
    return {
      status: one.status,
      locked: one.locked,
      host: typeof host === 'string' ? host : undefined,
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

  return [
    implement(setServerState, {
      async perform({ server, state, on, leave }, { signal }) {
        const before = await see(server, signal);
        const after = await set(server, state, on, signal);
        const isOver = leave !== 'SHUTOFF' || after.status !== 'ACTIVE';
        const { status } = isOver ? after : await set(server, 'stop', true, signal);
        return { was: isIn(before, state), before: before.status, status };
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
      async precondition({ server, to }, { signal, attempt }): Promise<Refusal | undefined> {
        const { host, status } = await see(server, signal);
        if (host === undefined)
          return {
            code: 'audit.host-unknown',
            reason: `server ${server}: its host is not shown`,
            remedy: 'Ask as an administrator.',
          };
        if (attempt > 1 || host !== to) return undefined;
        return {
          code: 'audit.changed',
          reason: `server ${server} (${status}) is on ${to} already`,
          remedy: 'Judge it again.',
        };
      },
      async done({ server, to }, { signal }) {
        const seen = await see(server, signal);
        return seen.host === to && seen.task === null ? { from: 'before a crash', to } : undefined;
      },
      async perform({ server, to, live }, { signal, progress }) {
        const { host: from = '', task } = await see(server, signal);
        // An earlier attempt's move goes on in Nova.
        if (task !== 'migrating' && task !== 'resize_migrating' && task !== 'resize_prep')
          await (live
            ? cloud.compute
                .at('2.30')
                .servers.liveMigrate({ id: server, host: to, block_migration: 'auto' }, { signal })
            : cloud.compute.at('2.56').servers.migrate({ id: server, host: to }, { signal }));
        progress(`${server} leaves ${from}`);
        const seen = await until(
          server,
          ({ task: now, status, host }) =>
            now === null && (host === to || status === 'VERIFY_RESIZE' || host === from),
          signal,
        );
        if (seen.status === 'VERIFY_RESIZE') {
          await servers.confirmResize({ id: server }, { signal });
          await until(server, ({ status }) => status !== 'VERIFY_RESIZE', signal);
        }
        return { from, to: (await see(server, signal)).host ?? '' };
      },
      async verify({ server, to }, _, { signal }): Promise<Refusal | undefined> {
        const { host } = await see(server, signal);
        return host === to
          ? undefined
          : {
              code: 'audit.not-moved',
              reason: `server ${server} is on ${host ?? 'an unknown host'}, not on ${to}: Nova refused it, or it failed`,
              remedy: 'Look at its migrations and instance actions.',
            };
      },
      async compensate({ server, live }, output, { signal }) {
        if (output === undefined || output.from === 'before a crash') return;
        await (live
          ? cloud.compute
              .at('2.30')
              .servers.liveMigrate({ id: server, host: output.from, block_migration: 'auto' }, { signal })
          : cloud.compute.at('2.56').servers.migrate({ id: server, host: output.from }, { signal }));
        await until(server, ({ host, task }) => host === output.from && task === null, signal);
      },
    }),

    implement(setTag, {
      async perform({ server, tag, on }, { signal }) {
        const tags = await Array.fromAsync(nova.serverTags.list({ server_id: server }, { signal }));
        const was = tags.includes(tag);
        if (on && !was) await nova.serverTags.add({ server_id: server, tag }, { signal });
        if (!on && was) await nova.serverTags.delete({ server_id: server, tag }, { signal });
        return { was };
      },
      async compensate({ server, tag, on }, output, { signal }) {
        if (output?.was === on) return;
        if (on) await nova.serverTags.delete({ server_id: server, tag }, { signal, missingOk: true });
        else await nova.serverTags.add({ server_id: server, tag }, { signal });
      },
    }),
  ];
}

/** Whether a server is in a state, whatever else it is in. */
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
