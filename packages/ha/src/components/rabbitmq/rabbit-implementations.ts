import { z } from 'zod';
import { GroundcrewError, aPositiveDuration, parseArguments } from '@groundcrew/ground';
import { type Implementation, implement, type Refusal, type StepContext } from '@groundcrew/runbook';
import { doomedQueues } from './doomed-queues.ts';
import { whyNotRestart } from './plan-rabbit-restart.ts';
import { type RabbitAccess, rabbitCommands, rabbitDataDirectory } from './rabbit-access.ts';
import {
  forceBootRabbit,
  forgetRabbit,
  killRabbit,
  restartRabbit,
  startRabbit,
  stopRabbit,
} from './rabbit-actions.ts';
import { rabbitProcesses } from './rabbit-processes.ts';
import { standingInTheWay } from './rabbit-obstacles.ts';
import { refuseRabbit, refuseRabbits } from './rabbit-refusal.ts';
import { sidesOf } from './rabbit-sides.ts';
import {
  answers,
  isReplicated,
  mayBeOn,
  type RabbitNodeState,
  runningIn,
  tellsPartitions,
} from './rabbit-state.ts';
import { readRabbitNode, type ReadRabbitOptions } from './read-rabbit-node.ts';

/** A node that did not become what the step is for. */
export class RabbitRecoveryError extends GroundcrewError {
  readonly code: string = 'rabbitmq.not-reached';
}

const implementationOptions = z.strictObject({ timeout: aPositiveDuration.optional() });

/** Milliseconds between two looks. */
const LOOK = 1_000;
/** Milliseconds after which a node that was started must have a process. */
const APPEARS = 60_000;
/**
 * The number of times that a node that ends while it boots is launched again, as systemd would. Nodes that boot at the same
 * time may fail over each other's feature flags: RabbitMQ 3.10 ends with `incompatible_feature_flags` and
 * `{badmap,undefined}`.
 */
const RELAUNCHES = 3;
/** Milliseconds that the nodes' statistics may lag behind a reunion. */
const LAG = 60_000;
/** Milliseconds that a command may take; the limit of its step comes first. */
const LONGEST = 24 * 3_600_000;
/** Milliseconds that a question to `rabbitmqctl` may take. */
const CTL = 600_000;

/**
 * The implementation of every action that `planRabbitRecovery` and `planRabbitRestart` use, for these nodes. Each step looks at
 * reality before it acts, and takes what it finds done for done.
 *
 * @example
 * const { outcome } = run(plan, { approved: plan.digest, implementations: rabbitImplementations(nodes), journal });
 */
export function rabbitImplementations(
  accesses: readonly RabbitAccess[],
  options: Pick<ReadRabbitOptions, 'timeout'> = {},
): readonly Implementation[] {
  parseArguments('rabbitImplementations', implementationOptions, options);
  const nodes = new Map(accesses.map((access) => [access.node, access]));
  const accessOf = (node: string): RabbitAccess => {
    const access = nodes.get(node);
    if (access === undefined) throw new RabbitRecoveryError(`nobody has said how ${node} is reached`);
    return access;
  };
  const read = (node: string, { signal }: StepContext): Promise<RabbitNodeState> =>
    readRabbitNode(accessOf(node), { ...options, signal });
  const readNodes = (names: readonly string[], context: StepContext): Promise<RabbitNodeState[]> =>
    Promise.all(names.map((name) => read(name, context)));
  const command = async (node: string, which: 'start' | 'stop', { signal }: StepContext): Promise<void> => {
    const access = accessOf(node);
    await access.host.run(rabbitCommands(access)[which], {
      sudo: access.sudo,
      signal,
      timeout: LONGEST,
    });
  };
  const ctl = async (node: string, args: readonly string[], { signal }: StepContext): Promise<void> => {
    const access = accessOf(node);
    await access.host.run([...rabbitCommands(access).ctl, ...args], {
      sudo: access.sudo,
      signal,
      timeout: CTL,
    });
  };

  /** Waits until a node runs and nobody who answers is parted from it; who runs then. */
  const runs = async (
    node: string,
    all: readonly string[],
    context: StepContext,
    whole: (states: readonly RabbitNodeState[]) => boolean = () => true,
  ): Promise<{ running: string[] }> => {
    let since = context.clock.now();
    let seen = false;
    let relaunches = 0;
    let told: string | undefined;
    for (;;) {
      const states = await readNodes(all, context);
      const own = states.find((state) => state.node === node);
      if (own === undefined) throw new RabbitRecoveryError(`${node} is not among ${all.join(', ')}`);
      const view = typeof own.view === 'object' ? own.view : undefined;
      const among = view === undefined ? [] : runningIn(view);
      if (among.includes(node) && sidesOf(states).sides.length === 1 && whole(states))
        return { running: among };
      seen ||= own.process === 'running';
      if (own.process === 'none' && seen && relaunches < RELAUNCHES) {
        relaunches += 1;
        context.progress(`${node}: ended while it booted; launched again, ${relaunches} of ${RELAUNCHES}`);
        seen = false;
        since = context.clock.now();
        await command(node, 'start', context);
      } else if (own.process === 'none' && (seen || context.clock.now() - since > APPEARS))
        throw new RabbitRecoveryError(
          seen ? `${node} ended before it ran; see its log` : `${node} was started, and has no process`,
        );
      const state =
        view === undefined ? `process ${own.process}` : `runs with ${among.join(', ') || 'nobody'}`;
      if (state !== told) context.progress(`${node}: ${state}`);
      told = state;
      await context.clock.sleep(LOOK, context.signal);
    }
  };
  const gone = async (node: string, context: StepContext): Promise<void> => {
    for (;;) {
      if ((await read(node, context)).process === 'none') return;
      await context.clock.sleep(LOOK, context.signal);
    }
  };
  /** Nobody may be parted any more; what the nodes say of it lags. */
  const united = async (all: readonly string[], context: StepContext): Promise<Refusal | undefined> => {
    const since = context.clock.now();
    for (;;) {
      const states = await readNodes(all, context);
      const { sides, recorded } = sidesOf(states);
      // One that has just started tells its partitions after some seconds; until then it has said nothing of them.
      const mute = states.filter((state) => answers(state) && !tellsPartitions(state));
      if (sides.length === 1 && !recorded && mute.length === 0) return undefined;
      if (context.clock.now() - since > LAG)
        return refuseRabbits(
          'rabbitmq.still-partitioned',
          sides.length === 1 && !recorded
            ? `Whether nodes are parted is not told by ${mute.map((state) => state.node).join(', ')}`
            : `Nodes are still parted: ${sides.map((side) => side.join(' + ')).join(' | ')}`,
          'Read all nodes again, and plan again.',
        );
      await context.clock.sleep(LOOK, context.signal);
    }
  };

  return [
    implement(startRabbit, {
      async precondition({ node }, context) {
        const state = await read(node, context);
        return state.process === 'none' || state.process === 'running'
          ? undefined
          : changed(state, `has a process that is ${state.process}`);
      },
      done: async ({ node, nodes: all }, context) =>
        (await read(node, context)).process === 'running' ? runs(node, all, context) : undefined,
      async perform({ node, nodes: all }, context) {
        if ((await read(node, context)).process === 'none') await command(node, 'start', context);
        return runs(node, all, context);
      },
      verify: ({ nodes: all }, _, context) => united(all, context),
    }),
    implement(stopRabbit, {
      async precondition({ node, keep }, context) {
        const kept = await readNodes(keep, context);
        const lost = kept.find((state) => !answers(state));
        if (lost !== undefined) return changed(lost, `does not run; ${node} may be needed`);
        return sidesOf([...kept, await read(node, context)]).sides.length > 1
          ? undefined
          : refuseRabbits(
              'rabbitmq.changed',
              `${node} is not parted from ${keep.join(', ')} any more`,
              LOOK_AGAIN,
            );
      },
      done: async ({ node }, context) => ((await read(node, context)).process === 'none' ? {} : undefined),
      async perform({ node }, context) {
        await command(node, 'stop', context);
        await gone(node, context);
        return {};
      },
    }),
    implement(killRabbit, {
      async precondition({ node }, context) {
        const state = await read(node, context);
        return state.process === 'frozen' || state.process === 'none'
          ? undefined
          : changed(state, 'is not frozen any more');
      },
      done: async ({ node }, context) => ((await read(node, context)).process === 'none' ? {} : undefined),
      async perform({ node }, context) {
        const access = accessOf(node);
        const ask = { sudo: access.sudo, signal: context.signal };
        const frozen = (await rabbitProcesses(access.host, node, ask)).filter((process) => process.frozen);
        if (frozen.length > 0)
          await access.host.run(['kill', '-s', 'KILL', ...frozen.map(({ pid }) => String(pid))], ask);
        await gone(node, context);
        return {};
      },
    }),
    implement(forceBootRabbit, {
      async precondition({ node, without, nodes: all }, context) {
        const states = await readNodes(all, context);
        const awake = states.find(({ process }) => process !== 'none');
        if (awake !== undefined) return changed(awake, 'runs, or could not be seen');
        const own = states.find((state) => state.node === node);
        const waitsFor = Array.isArray(own?.lastRunning)
          ? own.lastRunning.filter((name) => name !== node)
          : without;
        const other = waitsFor.find((name) => !without.includes(name));
        return own === undefined || other === undefined
          ? undefined
          : changed(own, `waits for ${other}, which was not given up`);
      },
      async done({ node }, { signal }) {
        const access = accessOf(node);
        const { stdout } = await access.host.run(['ls', '-A', rabbitDataDirectory(access)], {
          sudo: access.sudo,
          signal,
        });
        return stdout.split('\n').includes('force_load') ? {} : undefined;
      },
      async perform({ node }, context) {
        await ctl(node, ['force_boot'], context);
        return {};
      },
    }),
    implement(forgetRabbit, {
      async precondition({ node, from, nodes: all }, context) {
        const states = await readNodes(all, context);
        const speaker = states.find((state) => state.node === from);
        if (speaker === undefined || typeof speaker.view !== 'object')
          return refuseRabbits('rabbitmq.changed', `${from} does not run`, LOOK_AGAIN);
        const seen = states.find(
          (state) => typeof state.view === 'object' && runningIn(state.view).includes(node),
        );
        if (seen !== undefined) return changed(seen, `sees ${node} run`);
        return doomedQueues([speaker], [node]);
      },
      async done({ node, from }, context) {
        const { view } = await read(from, context);
        return typeof view === 'object' && !view.nodes.some(({ name }) => name === node) ? {} : undefined;
      },
      async perform({ node, from }, context) {
        await ctl(from, ['forget_cluster_node', node], context);
        return {};
      },
    }),
    implement(restartRabbit, {
      async precondition({ node, nodes: all }, context) {
        const states = await readNodes(all, context);
        // An earlier attempt has stopped it: now it can only be started.
        if (states.some((state) => state.node === node && state.process === 'none')) return undefined;
        return standingInTheWay(states, [])[0] ?? whyNotRestart(states, [node])[0];
      },
      async perform({ node, nodes: all }, context) {
        if ((await read(node, context)).process !== 'none') {
          await command(node, 'stop', context);
          await gone(node, context);
        }
        await command(node, 'start', context);
        return runs(node, all, context, (states) => hasCaughtUp(node, states));
      },
      verify: ({ nodes: all }, _, context) => united(all, context),
    }),
  ];
}

/** Are all replicated queues that have a member there online there, and in everybody's opinion? */
const hasCaughtUp = (node: string, states: readonly RabbitNodeState[]): boolean =>
  states.every(
    ({ view }) =>
      typeof view === 'object' &&
      runningIn(view).includes(node) &&
      view.queues !== undefined &&
      view.queues
        .filter((queue) => isReplicated(queue) && mayBeOn(queue, node))
        .every((queue) => queue.online?.includes(node) === true),
  );

const LOOK_AGAIN = 'Read all nodes again, and plan again.';

const changed = (node: RabbitNodeState, how: string): Refusal =>
  refuseRabbit(node, 'rabbitmq.changed', how, LOOK_AGAIN);
