import * as z from 'zod';
import { wholeSeconds } from '../../option-parts.ts';
import { argv, word } from '../config-words.ts';

const period = wholeSeconds(1_000, 3_600_000);

/** A program and its arguments on one node, and what takes it back. */
const HandOver = z.strictObject({ run: argv, undo: argv.optional() });

/** The elements that are made in the cluster's configuration. */
export const ActivePassiveModel = z.strictObject({
  /**
   * Pacemaker's nodes that may run it, the most wanted first. Each has a `Host` of the same name, and the first is
   * asked for what the cluster has.
   */
  nodes: z.array(word).min(1).max(32),
  /** Resource agent that starts, stops and checks it: `systemd:cinder-volume`, `ocf:heartbeat:anything`. */
  agent: z
    .string()
    .regex(
      /^(?:ocf:[A-Za-z0-9_.-]+:|systemd:|lsb:|service:)[A-Za-z0-9_@.-]+$/,
      'needs an agent: `systemd:NAME`, `lsb:NAME`, `ocf:PROVIDER:NAME`',
    ),
  /** The resource's name in the cluster. */
  id: word,
  /** Parameters of the agent. They are stored and shown in plain text, so that passwords do not belong here. */
  options: z
    .record(
      word,
      z
        .string()
        .max(4_096)
        // Attributes of XML keep no line breaks.
        .regex(/^[^\p{Cc}\uFFFE\uFFFF]*$/u, 'needs one line, without control characters'),
    )
    .default({}),
  /** Time between two checks by Pacemaker: whole seconds, up to 1 h. */
  monitor: period.default(10_000),
  /**
   * The time that each operation may take: whole seconds, up to 1 h. If the resource cannot be stopped in time, its node is
   * fenced.
   */
  timeouts: z
    .strictObject({
      start: period.default(60_000),
      stop: period.default(60_000),
      monitor: period.default(20_000),
    })
    .prefault({}),
  /** Failures on one node after which it moves to the next. */
  failuresBeforeMove: z.int().min(1).max(1_000).default(3),
  /** Time after which a node's failures are forgotten: whole seconds, up to 1 h. */
  forgetFailures: period.default(600_000),
  /** Moves the resource back to a more preferred node as soon as that is online; every move costs a downtime. */
  failBack: z.boolean().default(false),
});
export type ActivePassiveModel = Readonly<z.output<typeof ActivePassiveModel>>;

/** Nodes and name of a component in the cluster; further options are ignored. */
export const ActivePassivePlace = z.object({ nodes: ActivePassiveModel.shape.nodes, id: word.optional() });
export type ActivePassivePlace = Readonly<z.input<typeof ActivePassivePlace>>;

export const ActivePassiveOptions = ActivePassiveModel.extend({
  /** @default the component's name */
  id: word.optional(),
  /**
   * Takes it from whoever starts it now, on every node, just before Pacemaker gets it:
   * `{ run: ['systemctl', 'disable', '--now', 'cinder-volume'], undo: ['systemctl', 'enable', '--now', …] }`.
   *
   * @default nobody else starts it
   */
  handOver: HandOver.optional(),
  /** Take over a resource of the same name that somebody else configured, or that was changed by hand. */
  adopt: z.boolean().default(false),
}).superRefine(({ nodes }, context) => {
  for (const [at, node] of nodes.entries())
    if (nodes.indexOf(node) !== at)
      context.addIssue({ code: 'custom', path: ['nodes', at], message: `${node} is there twice` });
});

/** Options for a component of which only one process may be active, and which Pacemaker runs. */
export type ActivePassiveOptions = Readonly<z.input<typeof ActivePassiveOptions>>;
export type ParsedActivePassive = Readonly<z.output<typeof ActivePassiveOptions>>;
