import { action } from '@groundcrew/runbook';
import * as z from 'zod';
import { argv, word } from '../config-words.ts';
import { CibElement } from './cib-element.ts';
import { ActivePassiveModel } from './active-passive-options.ts';

const Elements = z.strictObject({ primitive: CibElement, constraints: z.array(CibElement).readonly() });

const Change = {
  /** The host on which Pacemaker is asked. */
  host: word,
  model: ActivePassiveModel,
  /** What was there when this was planned; `null` if nothing was. */
  before: Elements.nullable(),
};

/** Lets a node's own Pacemaker say that it has the agent, and that the agent takes the options. */
export const checkAgent = action({
  name: 'ha.check-agent',
  title: ({ host, agent }) => `See that ${host} has ${agent}, and that it takes the options`,
  input: z.strictObject({ host: word, agent: z.string(), options: z.record(word, z.string()) }),
  output: z.object({}),
  rollback: 'free',
});

/** Makes the change to a copy of the configuration, and lets Pacemaker say whether it is valid, and what it would do. */
export const rehearseCib = action({
  name: 'ha.rehearse-cib',
  title: ({ host, model }) => `Let Pacemaker on ${host} say what ${model.id} would make it do`,
  input: z.strictObject(Change),
  output: z.object({ wouldDo: z.array(z.string()) }),
  rollback: 'free',
});

/** Takes the component from whoever starts it now. */
export const handOver = action({
  name: 'ha.hand-over',
  title: ({ host, run }) => `Run ${run.join(' ')} on ${host}: from now on Pacemaker starts it`,
  input: z.strictObject({ host: word, run: argv, undo: argv.optional() }),
  output: z.object({}),
  rollback: 'free',
});

/** Gives the resource and its constraints to the cluster, and waits until it runs. */
export const activateCib = action({
  name: 'ha.activate-cib',
  title: ({ model }) => `Give ${model.id} to Pacemaker, to run on one of ${model.nodes.join(', ')}`,
  input: z.strictObject(Change),
  output: z.object({ node: z.string() }),
  rollback: 'free',
});

/** Asks each node itself, through the agent: exactly one runs it. */
export const confirmOne = action({
  name: 'ha.confirm-one',
  title: ({ id, nodes }) => `See that exactly one of ${nodes.join(', ')} runs ${id}`,
  input: z.strictObject({ id: word, nodes: z.array(word).min(1) }),
  output: z.object({ node: z.string() }),
  rollback: 'free',
});
