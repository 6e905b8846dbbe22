import { action } from '@groundcrew/runbook';
import * as z from 'zod';
import { argv, word } from '../config-words.ts';
import { CibElement } from './cib-element.ts';

const Taken = {
  /** The host on which Pacemaker is asked. */
  host: word,
  id: word,
  /** The elements that were there when this was planned. */
  elements: z.strictObject({ primitive: CibElement, constraints: z.array(CibElement).readonly() }),
};

/** Stops it on a copy of the configuration, and lets Pacemaker say what else it would do. */
export const rehearseRemoval = action({
  name: 'ha.rehearse-removal',
  title: ({ host, id }) => `Let Pacemaker on ${host} say what it would do without ${id}`,
  input: z.strictObject(Taken),
  output: z.object({ wouldDo: z.array(z.string()) }),
  rollback: 'free',
});

/** Stops it, sees on every node that it is, and takes it out of the configuration. */
export const retireCib = action({
  name: 'ha.retire-cib',
  title: ({ id }) => `Stop ${id}, and take it from Pacemaker`,
  input: z.strictObject({ ...Taken, nodes: z.array(word).min(1) }),
  output: z.object({}),
  rollback: 'free',
});

/** Gives it to whoever starts it from now on. */
export const handBack = action({
  name: 'ha.hand-back',
  title: ({ host, run }) => `Run ${run.join(' ')} on ${host}: from now on it is started there`,
  input: z.strictObject({ host: word, run: argv, undo: argv.optional() }),
  output: z.object({}),
  rollback: 'free',
});
