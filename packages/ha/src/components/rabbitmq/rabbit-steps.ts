import { someNames } from '../../option-parts.ts';
import { aPositiveDuration, type Duration, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Estimate, Gate, Json, Step } from '@groundcrew/runbook';
import { z } from 'zod';
import { forgetRabbit, killRabbit, startRabbit } from './rabbit-actions.ts';
import type { RabbitNodeState } from './rabbit-state.ts';

/** Options of the recovery of a RabbitMQ cluster. */
export interface RabbitRecoveryOptions {
  /** The whole side, of nodes that were parted, whose definitions and mirrored queues are kept. @default the majority */
  readonly keep?: readonly string[] | undefined;
  /** Nodes that will never come back. They are taken out of the cluster. @default none */
  readonly forget?: readonly string[] | undefined;
  /** The node that stopped last, of those that are left, where their files do not tell. @default what they tell */
  readonly lastStopped?: string | undefined;
  /** The time limit for a node to start. @default '15m' */
  readonly startTimeout?: Duration | undefined;
}

/** The options of a recovery with their durations in milliseconds. */
export interface CheckedRabbitOptions extends RabbitRecoveryOptions {
  readonly startTimeout?: number | undefined;
}

/** The default time limit for a node to start: 15 minutes. */
export const START_TIMEOUT = 900_000;

const recoveryOptions = optionsSchema<RabbitRecoveryOptions>({
  keep: someNames.optional(),
  forget: someNames.optional(),
  lastStopped: z.string().min(1).optional(),
  startTimeout: aPositiveDuration.optional(),
});

/** @throws InputError on an option that there is not */
export const checkedRecoveryOptions = (options: RabbitRecoveryOptions): CheckedRabbitOptions =>
  parseArguments('planRabbitRecovery', recoveryOptions, options) as CheckedRabbitOptions;

/** The group of steps of which one runs at a time. */
export const GROUP = 'rabbitmq';

/** Ends frozen nodes. */
export const killsOf = (nodes: readonly RabbitNodeState[]): Step[] =>
  nodes
    .filter(({ process }) => process === 'frozen')
    .map(({ node }) =>
      killRabbit.step({
        id: `kill-${node}`,
        input: { node },
        why: 'The others have put it out. Let go on, it would believe that they were parted, and take part in nothing.',
      }),
    );

/** Starts nodes, each after the one before. */
export function oneByOne(
  names: readonly string[],
  stay: readonly RabbitNodeState[],
  needs: readonly string[],
  { startTimeout = START_TIMEOUT }: CheckedRabbitOptions,
): Step[] {
  const steps: Step[] = [];
  for (const node of names) {
    const before = steps.at(-1);
    steps.push(
      startRabbit.step({
        id: `start-${node}`,
        input: { node, nodes: stay.map((other) => other.node) },
        needs,
        after: before === undefined ? [] : [before.id],
        group: GROUP,
        timeout: startTimeout,
        estimate: QUICK,
        onFailure: 'continue',
      }),
    );
  }
  return steps;
}

/** Takes nodes out of the cluster that never come back. */
export const forgets = (
  nodes: readonly RabbitNodeState[],
  from: string,
  starts: readonly Step[],
  { forget = [] }: CheckedRabbitOptions,
): Step[] =>
  forget.map((node) =>
    forgetRabbit.step({
      id: `forget-${node}`,
      input: { node, from, nodes: nodes.map((other) => other.node).filter((name) => !forget.includes(name)) },
      needs: starts.map(({ id }) => id),
      group: GROUP,
      why: 'A member that never comes back counts in every majority.',
    }),
  );

/** Asks about nodes that could not be seen, before what would be wrong if they ran. */
export const gatesOf = (nodes: readonly RabbitNodeState[], steps: readonly Step[]): Gate[] =>
  nodes
    .filter(({ process }) => process === 'unknown' && steps.length > 0)
    .map(({ node }) => ({
      id: `off-${node}`,
      question: `${node} could not be seen. Is it certain that it does not run, and will never come back?`,
      before: steps.map(({ id }) => id),
    }));

/** The inputs that a plan records. */
export const inputsOf = (nodes: readonly RabbitNodeState[], options: CheckedRabbitOptions): Json => {
  // Of a cloud's thousands of queues only those that a majority is counted of explain anything.
  const told = nodes.map(({ node, process, application, lastRunning, view }) => ({
    node,
    process,
    application,
    lastRunning,
    running:
      typeof view === 'object' ? view.nodes.filter(({ running }) => running).map(({ name }) => name) : view,
  }));
  return JSON.parse(JSON.stringify({ nodes: told, options })) as Json;
};

export const QUICK: Estimate = { duration: '20s', basis: 'three small nodes on one machine' };
