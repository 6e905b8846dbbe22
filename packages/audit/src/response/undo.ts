import {
  definePlan,
  type JournalRecord,
  type Plan,
  type Planned,
  planned,
  refused,
  type Step,
  readInput,
  readOutput,
} from '@groundcrew/runbook';
import {
  editRulesOf,
  moveServer,
  setEnabled,
  setPort,
  setServerState,
  setTag,
  setVisibility,
} from './actions.ts';

/**
 * The plan that brings back what a run of responses took away: rules with the same bodies (Neutron gives them new ids),
 * groups of ports, states, hosts, tags. It undoes what was done and no more: what was so before is left so. Notices
 * cannot be taken back.
 *
 * @example
 * const undo = planUndo(await journal.read());
 */
export function planUndo(
  records: readonly JournalRecord[],
): Planned<'audit.nothing-to-undo' | 'audit.no-run'> {
  const [first] = records;
  if (first?.event.type !== 'run-started')
    return refused({ code: 'audit.no-run', reason: 'the journal has no run', remedy: undefined });
  const { plan, run } = first.event;
  const undone = new Set<string>();
  const outputs = new Map<string, unknown>();
  for (const { event } of records) {
    if (event.type === 'step-acted') outputs.set(event.step, event.output);
    if (event.type === 'step-compensated') undone.add(event.step);
  }
  const acted = plan.steps.filter(({ id }) => outputs.has(id) && !undone.has(id));
  const unclear = acted.filter(({ id }) => isAfterCrash(outputs.get(id)));
  const steps = acted
    .filter((step) => !unclear.includes(step))
    .toReversed()
    .flatMap((step) => inverse(step, outputs.get(step.id)));
  const warnings = unclear.map(
    ({ id, title }) =>
      `${id} is not undone (${title}): after a crash it was found so, and what it was before is not known`,
  );
  return steps.length === 0
    ? refused({
        code: 'audit.nothing-to-undo',
        reason: ['it changed nothing that can be undone', ...warnings].join('; '),
        remedy: undefined,
      })
    : planned(undoPlan(plan, run, steps, warnings));
}

const undoPlan = (plan: Plan, run: string, steps: readonly Step[], warnings: readonly string[]): Plan =>
  definePlan({
    id: `${plan.id}-undo`,
    title: `Undo: ${plan.title}`,
    inputs: { plan: plan.digest, run },
    steps,
    concurrency: { total: 1 },
    warnings: [...warnings],
  });

/** The steps that undo a step; none if there is nothing to undo. */
function inverse({ id, action, input }: Step, output: unknown): Step[] {
  const common = { id: `undo-${id}`, onFailure: 'continue' } as const;
  switch (action) {
    case editRulesOf.name: {
      const { group } = readInput(editRulesOf, input);
      const { removed, added } = readOutput(editRulesOf, output);
      return [
        editRulesOf.step({
          ...common,
          input: {
            group,
            edits: [
              ...removed.map((rule) => ({ edit: 'add' as const, rule: withoutId(rule) })),
              ...added.map((rule) => ({ edit: 'remove' as const, rule })),
            ],
          },
        }),
      ];
    }
    case setServerState.name: {
      const { server, state, on } = readInput(setServerState, input);
      const { was, before } = readOutput(setServerState, output);
      return was === on
        ? []
        : [setServerState.step({ ...common, input: { server, state, on: !on, leave: before } })];
    }
    case moveServer.name: {
      const { server, live } = readInput(moveServer, input);
      const { from } = readOutput(moveServer, output);
      return from === 'before a crash'
        ? []
        : [moveServer.step({ ...common, input: { server, to: from, live } })];
    }
    case setPort.name: {
      const { port, device, from, ...made } = readInput(setPort, input);
      const { after_crash, ...before } = readOutput(setPort, output);
      void [device, from, after_crash];
      return [setPort.step({ ...common, input: { port, ...before, from: made } })];
    }
    case setTag.name: {
      const { server, tag, on } = readInput(setTag, input);
      return readOutput(setTag, output).was === on
        ? []
        : [setTag.step({ ...common, input: { server, tag, on: !on } })];
    }
    case setEnabled.name: {
      const { kind, id: whose, enabled } = readInput(setEnabled, input);
      const { was } = readOutput(setEnabled, output);
      return was === enabled
        ? []
        : [setEnabled.step({ ...common, input: { kind, id: whose, enabled: was } })];
    }
    case setVisibility.name: {
      const { image, visibility } = readInput(setVisibility, input);
      const { was } = readOutput(setVisibility, output);
      return was === visibility
        ? []
        : [setVisibility.step({ ...common, input: { image, visibility: was, from: visibility } })];
    }
    default:
      return [];
  }
}

const isAfterCrash = (output: unknown): boolean =>
  typeof output === 'object' && output !== null && 'after_crash' in output;

/** Neutron gives a new one. */
function withoutId<T extends { readonly id: string }>(rule: T): Omit<T, 'id'> {
  const { id, ...body } = rule;
  void id;
  return body;
}
