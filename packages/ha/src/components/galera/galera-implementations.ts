import { z } from 'zod';
import { GroundcrewError, aPositiveDuration, parseArguments } from '@groundcrew/ground';
import { type Implementation, implement, type Refusal, type StepContext } from '@groundcrew/runbook';
import { chooseGaleraBootstrap } from './choose-galera-bootstrap.ts';
import { commandsOf, dataDirectoryOf, type GaleraAccess } from './galera-access.ts';
import {
  bootstrapGalera,
  confirmGaleraNode,
  joinGaleraNode,
  killGaleraNode,
  markGaleraBootstrap,
  restartGaleraNode,
  stopGaleraNode,
  thawGaleraNode,
} from './galera-actions.ts';
import { parseSavedState, showPosition, withSafeToBootstrap } from './galera-files.ts';
import { twoComponents } from './galera-obstacles.ts';
import { type GaleraRefusal, refuseCluster, refuseNode } from './galera-refusal.ts';
import { type GaleraNodeState, isPrimary, isSynced, positionOf } from './galera-state.ts';
import { readGaleraNode, type ReadGaleraOptions } from './read-galera-node.ts';
import { processesIn } from './server-processes.ts';

/** A node that did not become what the step is for. */
export class GaleraRecoveryError extends GroundcrewError {
  readonly code: string = 'galera.not-reached';
}

const implementationOptions = z.strictObject({
  timeout: aPositiveDuration.optional(),
  recoverTimeout: aPositiveDuration.optional(),
});

interface Membership {
  readonly clusterSize: number;
  readonly uuid: string;
  readonly lastCommitted: number;
}

/** Milliseconds between two looks at a node that changes. */
const LOOK = 500;
/** Milliseconds after which a server that was started must have a process. */
const APPEARS = 60_000;
/** Milliseconds that a command may take; the limit of its step comes first. */
const LONGEST = 24 * 3_600_000;

/**
 * The implementation of every action that `planGaleraRecovery` uses, for these nodes. Each step looks at reality before it
 * acts, and takes what it finds done for done: a run that was killed, and is resumed, starts nothing twice. Before the
 * cluster is begun again, all nodes are read once more, and the choice is made once more.
 *
 * @example
 * const implementations = galeraImplementations(nodes);
 * const { outcome } = run(plan, { approved: plan.digest, implementations, journal });
 */
export function galeraImplementations(
  accesses: readonly GaleraAccess[],
  options: Pick<ReadGaleraOptions, 'timeout' | 'recoverTimeout'> = {},
): readonly Implementation[] {
  parseArguments('galeraImplementations', implementationOptions, options);
  const nodes = new Map(accesses.map((access) => [access.host.name, access]));
  const nodeOf = (host: string): GaleraAccess => {
    const access = nodes.get(host);
    if (access === undefined) throw new GaleraRecoveryError(`nobody has said how ${host} is reached`);
    return access;
  };
  const read = (host: string, { signal }: StepContext, recover = false): Promise<GaleraNodeState> =>
    readGaleraNode(nodeOf(host), { ...options, signal, recover });
  const readNodes = (
    hosts: readonly string[],
    context: StepContext,
    recover = false,
  ): Promise<GaleraNodeState[]> => Promise.all(hosts.map((host) => read(host, context, recover)));
  const command = async (
    host: string,
    which: 'start' | 'bootstrap' | 'stop',
    { signal }: StepContext,
  ): Promise<void> => {
    const access = nodeOf(host);
    await access.host.run(commandsOf(access)[which], {
      sudo: access.sudo,
      signal,
      timeout: LONGEST,
    });
  };
  const tell = async (host: string, signalName: 'CONT' | 'KILL', { signal }: StepContext): Promise<void> => {
    const access = nodeOf(host);
    const processes = await processesIn(access.host, dataDirectoryOf(access), { sudo: access.sudo, signal });
    const pids = processes.filter(({ frozen }) => frozen).map(({ pid }) => String(pid));
    if (pids.length > 0)
      await access.host.run(['kill', '-s', signalName, ...pids], { sudo: access.sudo, signal });
  };

  /** Waits for a member; `undefined` if its server is not there, and was not going to be. */
  const member = async (
    host: string,
    context: StepContext,
    started: boolean,
  ): Promise<Membership | undefined> => {
    const since = context.clock.now();
    let seen = false;
    let told: string | undefined;
    for (;;) {
      const node = await read(host, context);
      if (isSynced(node) && typeof node.live === 'object') return membership(node);
      seen ||= node.process === 'running';
      const gone = node.process === 'none' || node.process === 'alone';
      if (gone && !started && !seen) return undefined;
      if (gone && seen)
        throw new GaleraRecoveryError(`the server of ${host} ended before it was Synced; see its error log`);
      if (gone && context.clock.now() - since > APPEARS)
        throw new GaleraRecoveryError(`${host} was started, and has no server`);
      const state =
        typeof node.live === 'object' ? `${node.live.clusterStatus}, ${node.live.localState}` : node.process;
      if (state !== told) context.progress(`${host}: ${state}`);
      told = state;
      await context.clock.sleep(LOOK, context.signal);
    }
  };
  const gone = async (host: string, context: StepContext): Promise<void> => {
    for (;;) {
      const { process } = await read(host, context);
      if (process === 'none') return;
      await context.clock.sleep(LOOK, context.signal);
    }
  };
  const isServed = async (
    { host, hosts }: { readonly host: string; readonly hosts: readonly string[] },
    context: StepContext,
  ): Promise<Refusal | undefined> => mayChangeMembership(host, await readNodes(hosts, context));

  return [
    implement(confirmGaleraNode, {
      async precondition({ host, position }, context) {
        const node = await read(host, context, position !== undefined);
        if (node.process !== 'none') return changed(node, 'runs, or could not be seen');
        if (position === undefined) return undefined;
        const now = positionOf(node);
        return now !== undefined && showPosition(now) === showPosition(position)
          ? undefined
          : changed(
              node,
              `is not at ${showPosition(position)}, but at ${now === undefined ? 'an unknown position' : showPosition(now)}`,
            );
      },
      perform: async ({ position }) => (position === undefined ? {} : { position }),
    }),
    implement(stopGaleraNode, {
      async precondition({ hosts, host }, context) {
        const all = await readNodes(hosts, context);
        const serves = all.find(isPrimary);
        return serves === undefined ? undefined : changed(serves, `serves; ${host} may be needed`);
      },
      done: async ({ host }, context) => ((await read(host, context)).process === 'none' ? {} : undefined),
      async perform({ host }, context) {
        if ((await read(host, context)).process !== 'none') await command(host, 'stop', context);
        await gone(host, context);
        return {};
      },
    }),
    implement(markGaleraBootstrap, {
      async precondition({ host }, context) {
        const node = await read(host, context);
        return node.process === 'none' ? undefined : changed(node, 'runs, or could not be seen');
      },
      async done({ host, safe }, context) {
        const { saved } = await read(host, context);
        return typeof saved === 'object' && saved.safeToBootstrap === safe ? { before: safe } : undefined;
      },
      perform: ({ host, safe }, context) => mark(nodeOf(host), safe, context),
      async verify({ host, safe }, { before }, context) {
        const node = await read(host, context);
        // Without the file Galera lets any node begin.
        if (before === null && node.saved === 'none') return undefined;
        return typeof node.saved === 'object' && node.saved.safeToBootstrap === safe
          ? undefined
          : changed(node, 'does not have what was written into grastate.dat');
      },
      async compensate({ host }, output, context) {
        if (output?.before !== undefined && output.before !== null)
          await mark(nodeOf(host), output.before, context);
      },
    }),
    implement(bootstrapGalera, {
      async precondition({ host, hosts, acceptLoss, position }, context) {
        const all = await readNodes(hosts, context, true);
        const awake = all.find(
          (node) =>
            node.process !== 'none' && !(node.process === 'unknown' && acceptLoss.includes(node.host)),
        );
        if (awake !== undefined)
          return changed(awake, 'runs, or could not be seen; a second cluster could come of it');
        const choice = chooseGaleraBootstrap(all, { acceptLoss, preferred: [host] });
        if (!choice.ok) return choice.refusals[0];
        const same = choice.node.host === host && showPosition(choice.position) === showPosition(position);
        return same
          ? undefined
          : changed(choice.node, `is now the one to begin with, at ${showPosition(choice.position)}`);
      },
      done: ({ host }, context) => member(host, context, false),
      async perform({ host }, context) {
        await command(host, 'bootstrap', context);
        return reached(await member(host, context, true), host);
      },
      async verify({ host, hosts, position }, output, context) {
        const all = await readNodes(hosts, context);
        const serving = all.filter(isPrimary);
        const node = all.find((other) => other.host === host);
        if (node === undefined || !isSynced(node))
          return refuseCluster('galera.changed', `${host} does not serve`, LOOK_AGAIN);
        const others = serving.filter((other) => other.host !== host && other.bootstrapping !== false);
        if (others[0] !== undefined)
          return changed(
            others[0],
            others[0].bootstrapping === true
              ? 'has begun a cluster, too'
              : 'may have begun a cluster, too: its processes could not be seen',
          );
        if (output.uuid !== position.uuid || output.lastCommitted < position.seqno)
          return changed(
            node,
            `began with ${output.uuid}:${output.lastCommitted} and not with ${showPosition(position)}`,
          );
        const evs = typeof node.live === 'object' ? node.live.evsState : undefined;
        return evs === 'OPERATIONAL'
          ? undefined
          : changed(node, `is ${evs ?? 'in a state that it does not tell'}, not OPERATIONAL`);
      },
    }),
    implement(joinGaleraNode, {
      precondition: isServed,
      done: ({ host }, context) => member(host, context, false),
      async perform({ host }, context) {
        if ((await read(host, context)).process === 'none') await command(host, 'start', context);
        return reached(await member(host, context, true), host);
      },
      verify: ({ hosts }, _, context) => inOneComponent(hosts, context),
    }),
    implement(thawGaleraNode, {
      precondition: isServed,
      done: async ({ host }, context) =>
        (await read(host, context)).process === 'frozen' ? undefined : member(host, context, false),
      async perform({ host }, context) {
        await tell(host, 'CONT', context);
        // It believes to be Synced until it hears from the others.
        return reached(await rejoined(host, context), host);
      },
      verify: ({ hosts }, _, context) => inOneComponent(hosts, context),
    }),
    implement(killGaleraNode, {
      precondition: isServed,
      done: async ({ host }, context) => ((await read(host, context)).process === 'none' ? {} : undefined),
      async perform({ host }, context) {
        await tell(host, 'KILL', context);
        await gone(host, context);
        return {};
      },
    }),
    implement(restartGaleraNode, {
      precondition: isServed,
      async done({ host }, context) {
        const { process, bootstrapping } = await read(host, context);
        return process === 'none' || bootstrapping !== false ? undefined : member(host, context, false);
      },
      async perform({ host }, context) {
        const { process, bootstrapping } = await read(host, context);
        if (process !== 'none' && bootstrapping === undefined)
          throw new GaleraRecoveryError(`how ${host} was started cannot be seen`);
        if (process !== 'none' && bootstrapping === true) {
          await command(host, 'stop', context);
          await gone(host, context);
        }
        if (process === 'none' || bootstrapping === true) await command(host, 'start', context);
        return reached(await member(host, context, true), host);
      },
      verify: ({ hosts }, _, context) => inOneComponent(hosts, context),
    }),
  ];

  async function inOneComponent(
    hosts: readonly string[],
    context: StepContext,
  ): Promise<Refusal | undefined> {
    return twoComponents((await readNodes(hosts, context)).filter(isPrimary))[0];
  }

  /** Synced by its own account, and in the component of the others by theirs. */
  async function rejoined(host: string, context: StepContext): Promise<Membership | undefined> {
    for (;;) {
      const found = await member(host, context, true);
      const all = [...nodes.keys()];
      const serving = (await readNodes(all, context)).filter(isPrimary);
      if (serving.some((node) => node.host === host) && twoComponents(serving).length === 0) return found;
      await context.clock.sleep(LOOK, context.signal);
    }
  }
}

const LOOK_AGAIN = 'Read all nodes again, and plan again.';

const changed = (node: GaleraNodeState, how: string): GaleraRefusal =>
  refuseNode(node, 'galera.changed', how, LOOK_AGAIN);

/** Somebody else must serve, undisturbed, before a node comes or goes. */
function mayChangeMembership(host: string, all: readonly GaleraNodeState[]): GaleraRefusal | undefined {
  const others = all.filter((node) => node.host !== host);
  if (!others.some(isSynced)) return refuseCluster('galera.changed', `Nobody but ${host} serves`, LOOK_AGAIN);
  const busy = others.find(({ joiner, donor }) => joiner || donor);
  if (busy !== undefined)
    return refuseNode(
      busy,
      'galera.transfer-in-progress',
      'takes part in a state transfer',
      'Resume when it is Synced.',
    );
  return twoComponents(all.filter((node) => isPrimary(node) && node.process === 'running'))[0];
}

function membership({ live }: GaleraNodeState): Membership {
  if (typeof live !== 'object') throw new GaleraRecoveryError('no live state');
  return {
    clusterSize: live.clusterSize ?? 0,
    uuid: live.localStateUuid ?? '',
    lastCommitted: live.lastCommitted ?? -1,
  };
}

function reached(found: Membership | undefined, host: string): Membership {
  if (found === undefined) throw new GaleraRecoveryError(`${host} did not become a member`);
  return found;
}

/** Keeps the file's owner and mode: MariaDB must be able to write it. */
async function mark(
  access: GaleraAccess,
  safe: boolean,
  { signal }: Pick<StepContext, 'signal'>,
): Promise<{ before: boolean | null }> {
  const path = `${dataDirectoryOf(access)}/grastate.dat`;
  const { host, sudo } = access;
  const there = await host.run(['stat', '-c', '%u:%g %a', path], { sudo, signal, expect: 'any' });
  const [, owner, mode] = /^(\d+:\d+) ([0-7]{3,4})\s*$/.exec(there.stdout) ?? [];
  if (owner === undefined || mode === undefined) {
    if (safe) return { before: null };
    throw new GaleraRecoveryError(`${path}: ${there.stderr.trim().slice(-200)}`);
  }
  const { stdout: text } = await host.run(['cat', path], { sudo, signal });
  const before = parseSavedState(text).safeToBootstrap;
  if (before !== safe)
    await host.upload(withSafeToBootstrap(text, safe), path, {
      sudo,
      signal,
      owner,
      mode: Number.parseInt(mode, 8),
    });
  return { before };
}
