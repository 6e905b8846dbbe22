import { digestOfJson } from '@groundcrew/ground/signatures';
import type { Json } from '../json.ts';
import type { Gate, Plan, Step, Target } from './plan.ts';

/** A difference in something that both plans have; by field. */
export interface Change {
  readonly field: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export interface Changed<T> {
  readonly id: string;
  readonly before: T;
  readonly after: T;
  readonly changes: readonly Change[];
}

export interface ListDiff<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  readonly changed: readonly Changed<T>[];
}

/** The differences that a review has to look at, between a plan and the one before it. */
export interface PlanDiff {
  /** They are the same, digest and all. */
  readonly same: boolean;
  readonly before: string;
  readonly after: string;
  /**
   * Changes of the plan itself: its id, title, inputs, concurrency, and the order of steps that are otherwise the same.
   */
  readonly changes: readonly Change[];
  readonly steps: ListDiff<Step>;
  readonly gates: ListDiff<Gate>;
  readonly targets: ListDiff<Target>;
  readonly warnings: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

/** Compares two plans, the older first. Steps and gates are matched by their ids, targets by kind and id. */
export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const steps = diffLists(before.steps, after.steps, ({ id }) => id);
  return {
    same: before.digest === after.digest,
    before: before.digest,
    after: after.digest,
    changes: [...changesOf(alone(before), alone(after)), ...orderChange(before, after, steps)],
    steps,
    gates: diffLists(before.gates, after.gates, ({ id }) => id),
    targets: diffLists(before.targets, after.targets, ({ kind, id }) => `${kind} ${id}`),
    warnings: {
      added: after.warnings.filter((warning) => !before.warnings.includes(warning)),
      removed: before.warnings.filter((warning) => !after.warnings.includes(warning)),
    },
  };
}

const alone = ({ id, title, inputs, concurrency }: Plan): object => ({ id, title, inputs, concurrency });

function orderChange(before: Plan, after: Plan, { added, removed }: ListDiff<Step>): Change[] {
  const [gone, come] = [new Set(removed), new Set(added)];
  const was = before.steps.filter((step) => !gone.has(step)).map(({ id }) => id);
  const is = after.steps.filter((step) => !come.has(step)).map(({ id }) => id);
  return was.every((id, at) => id === is[at]) ? [] : [{ field: 'order', before: was, after: is }];
}

function diffLists<T extends object>(
  before: readonly T[],
  after: readonly T[],
  idOf: (item: T) => string,
): ListDiff<T> {
  const old = new Map(before.map((item) => [idOf(item), item]));
  const now = new Map(after.map((item) => [idOf(item), item]));
  const changed = after.flatMap((item) => {
    const id = idOf(item);
    const previous = old.get(id);
    if (previous === undefined) return [];
    const changes = changesOf(previous, item);
    return changes.length === 0 ? [] : [{ id, before: previous, after: item, changes }];
  });
  return {
    added: after.filter((item) => !old.has(idOf(item))),
    removed: before.filter((item) => !now.has(idOf(item))),
    changed,
  };
}

/** Field by field; plain objects are gone into, lists are compared as a whole. */
function changesOf(before: object, after: object, at = ''): Change[] {
  const [old, now] = [before, after] as Record<string, Json | undefined>[];
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields].flatMap((name) => {
    const [was, is] = [valueOf(old, name), valueOf(now, name)];
    const field = at === '' ? name : `${at}.${name}`;
    if (isPlain(was) && isPlain(is)) return changesOf(was, is, field);
    const same = was === undefined || is === undefined ? was === is : digestOfJson(was) === digestOfJson(is);
    return same ? [] : [{ field, before: was, after: is }];
  });
}

const valueOf = (of: Record<string, Json | undefined> | undefined, name: string): Json | undefined =>
  of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined;

const isPlain = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
