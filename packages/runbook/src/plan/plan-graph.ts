import { PlanError } from '../errors.ts';
import type { Gate, Step, Target } from './plan.ts';

/** Checks the names that must be there, and be there only once. */
export function checkNames(steps: readonly Step[], gates: readonly Gate[], targets: readonly Target[]): void {
  const known = new Set(steps.map(({ id }) => id));
  once(steps, 'steps', 'step');
  once(gates, 'gates', 'gate');
  once(
    targets.map(({ kind, id }) => ({ id: `${kind} ${id}` })),
    'targets',
    'target',
  );
  for (const [at, step] of steps.entries())
    for (const relation of ['needs', 'after'] as const)
      step[relation].forEach((other, place) => {
        if (!known.has(other))
          throw new PlanError(`step ${step.id}: ${relation} step ${other}, which is not in the plan`, {
            field: `steps.${at}.${relation}.${place}`,
          });
      });
  for (const [at, gate] of gates.entries())
    gate.before.forEach((step, place) => {
      if (!known.has(step))
        throw new PlanError(`gate ${gate.id} is before step ${step}, which is not in the plan`, {
          field: `gates.${at}.before.${place}`,
        });
    });
}

function once(things: readonly { readonly id: string }[], list: string, what: string): void {
  const seen = new Set<string>();
  for (const [at, { id }] of things.entries()) {
    if (seen.has(id)) throw new PlanError(`two ${what}s are called ${id}`, { field: `${list}.${at}.id` });
    seen.add(id);
  }
}

/** The steps that a step waits for, for any reason. */
export const waitsFor = (step: Step): readonly string[] => [...step.needs, ...step.after];

/**
 * Sorts steps into an order that satisfies `needs` and `after`; steps that are in such an order already stay where they
 * are. Not recursive: a chain may be as long as a cloud has servers.
 *
 * @throws PlanError that names a circle by its steps
 */
export function inOrder(steps: readonly Step[]): Step[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const ordered = new Set<Step>();
  for (const first of steps) {
    if (ordered.has(first)) continue;
    const path = [{ step: first, rest: waitsFor(first).values() }];
    const onPath = new Set([first]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { value: id, done } = top.rest.next();
      if (done) {
        ordered.add(top.step);
        onPath.delete(top.step);
        path.pop();
        continue;
      }
      const next = byId.get(id);
      if (next === undefined || ordered.has(next)) continue;
      if (onPath.has(next)) throw circle(steps, [...path.map(({ step }) => step), next]);
      path.push({ step: next, rest: waitsFor(next).values() });
      onPath.add(next);
    }
  }
  return [...ordered];
}

function circle(steps: readonly Step[], path: readonly Step[]): PlanError {
  const last = path.at(-1);
  const ids = path.slice(path.indexOf(last as Step)).map(({ id }) => id);
  return new PlanError(`steps wait for each other in a circle: ${ids.join(' -> ')}`, {
    field: `steps.${steps.indexOf(last as Step)}`,
  });
}

/** Tells whether the plan lets `later` begin only when `earlier` has ended. */
export function isBefore(steps: readonly Step[], earlier: string, later: string): boolean {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const seen = new Set<string>();
  const open = [later];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = byId.get(id);
    if (step === undefined || seen.has(id)) continue;
    seen.add(id);
    const before = waitsFor(step);
    if (before.includes(earlier)) return true;
    open.push(...before);
  }
  return false;
}
