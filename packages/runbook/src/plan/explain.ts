import { z } from 'zod';
import { durationWords, escapeMarkdown, optionsSchema, parseArguments, visible } from '@groundcrew/ground';
import { estimateOf } from './estimate.ts';
import { mermaidOf } from './mermaid.ts';
import type { Gate, Plan, Step } from './plan.ts';
import { pointsOfNoReturn } from './points-of-no-return.ts';

export interface ExplainOptions {
  /** `markdown` is a checklist to paste into a change request; `mermaid` a flowchart. @default 'text' */
  readonly as?: 'text' | 'markdown' | 'mermaid' | undefined;
}

const explainOptions = optionsSchema<ExplainOptions>({
  as: z.enum(['text', 'markdown', 'mermaid']).optional(),
});

/**
 * A plan in words, complete enough that a person can approve its digest: what it is for, what it warns of, each step with
 * its reason, its length and the way back, gates where they stand, and points of no return marked as such.
 *
 * @throws InputError on an option that there is not
 */
export function explain(plan: Plan, options: ExplainOptions = {}): string {
  parseArguments('explain', explainOptions, options);
  const { as = 'text' } = options;
  if (as === 'mermaid') return mermaidOf(plan);
  const form = as === 'markdown' ? MARKDOWN : TEXT;
  const lines = [
    form.title(plan.title),
    '',
    ...summaryOf(plan).map(([name, value]) => form.fact(name, value)),
    ...(plan.warnings.length === 0 ? [] : ['', form.heading('Warnings')]),
    ...plan.warnings.map(form.item),
    ...(plan.targets.length === 0 ? [] : ['', form.heading('Made for')]),
    ...plan.targets.map(({ kind, id, revision }) => form.item(`${kind} ${id} at ${revision}`)),
    '',
    form.heading('Steps'),
  ];
  const shown = new Set<Gate>();
  for (const [at, step] of plan.steps.entries()) {
    for (const gate of plan.gates)
      if (!shown.has(gate) && gate.before.includes(step.id)) {
        shown.add(gate);
        lines.push(form.gate(gate));
      }
    lines.push(form.step(step, at + 1), ...detailsOf(step).map(form.detail));
  }
  return `${lines.join('\n')}\n`;
}

function summaryOf(plan: Plan): [string, string][] {
  const { durationMs, downtimeMs, unestimated } = estimateOf(plan);
  const { total, groups } = plan.concurrency;
  const limits = Object.entries(groups).map(([group, limit]) => `${group} ${limit}`);
  const returns = pointsOfNoReturn(plan).map(({ id }) => id);
  const most = plan.steps.length === unestimated.length;
  return [
    ['Plan', plan.id],
    ['Digest', plan.digest],
    ['Steps', `${plan.steps.length}, at most ${[`${total} at a time`, ...limits].join(', ')}`],
    [
      'Estimate',
      most
        ? 'unknown'
        : `${unestimated.length === 0 ? '' : 'at least '}${durationWords(durationMs)}, of it without service ${durationWords(downtimeMs)}${
            unestimated.length === 0 ? '' : ` (${unestimated.length} step(s) without an estimate)`
          }`,
    ],
    ['No way back from', returns.length === 0 ? 'no step' : returns.join(', ')],
  ];
}

const ROLLBACK = {
  free: 'way back: can be undone',
  restore: 'way back: only from a backup',
  none: 'POINT OF NO RETURN',
} as const;

/** The notes on a plan, in the order in which an approver asks. */
function detailsOf(step: Step): string[] {
  const { why, needs, after, estimate, group, rollback, onFailure, timeout } = step;
  const downtime = estimate?.downtime ?? 0;
  return [
    ...(why === undefined ? [] : [`why: ${why}`]),
    ROLLBACK[rollback],
    ...(needs.length === 0 ? [] : [`needs: ${needs.join(', ')}`]),
    ...(after.length === 0 ? [] : [`after, however they end: ${after.join(', ')}`]),
    ...(estimate === undefined
      ? []
      : [
          `estimate: ${durationWords(estimate.duration)}${
            downtime === 0 ? '' : `, of it without service ${durationWords(downtime)}`
          }${estimate.basis === undefined ? '' : ` (${estimate.basis})`}`,
        ]),
    ...(group === undefined ? [] : [`group: ${group}`]),
    ...(onFailure === 'continue' ? ['if it fails: the others go on'] : []),
    `given: ${JSON.stringify(step.input)}, by ${step.action}, within ${durationWords(timeout)}`,
  ];
}

interface Form {
  readonly title: (text: string) => string;
  readonly heading: (text: string) => string;
  readonly fact: (name: string, value: string) => string;
  readonly item: (text: string) => string;
  readonly gate: (gate: Gate) => string;
  readonly step: (step: Step, number: number) => string;
  readonly detail: (text: string) => string;
}

/** One line, whatever a title holds: nothing may look like a step that is none. */
const plain = (text: string): string => visible(text);

/** Text that Markdown shows as it is. */
const literal = escapeMarkdown;

const TEXT: Form = {
  title: plain,
  heading: (text) => `${text}:`,
  fact: (name, value) => `${name}: ${plain(value)}`,
  item: (text) => `  - ${plain(text)}`,
  gate: ({ id, question }) => `  -- gate ${plain(id)}: ${plain(question)}`,
  step: ({ id, title }, number) => `  ${number}. ${plain(title)} [${plain(id)}]`,
  detail: (text) => `       ${plain(text)}`,
};

const MARKDOWN: Form = {
  title: (text) => `# ${literal(text)}`,
  heading: (text) => `## ${text}\n`,
  fact: (name, value) => `- **${name}**: ${literal(value)}`,
  item: (text) => `- ${literal(text)}`,
  gate: ({ id, question }) => `- [ ] **Gate ${literal(id)}**: ${literal(question)}`,
  step: ({ id, title, rollback }, number) =>
    `- [ ] ${number}. ${rollback === 'none' ? '⚠ ' : ''}**${literal(title)}** (${literal(id)})`,
  detail: (text) => `  - ${literal(text)}`,
};
