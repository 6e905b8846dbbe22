import { type Duration, InputError, milliseconds } from '@groundcrew/ground';

const METHODS = ['mean', 'median', 'std', 'min', 'max', 'sum', 'var', 'count'] as const;
type PlainMethod = (typeof METHODS)[number];
/** By what series are made one, or a series a coarser one (`AGG_MAP`). */
export type ReaggregationMethod = PlainMethod | `rate:${PlainMethod}`;

const UNARY = ['abs', 'absolute', 'neg', 'negative', 'cos', 'sin', 'tan', 'floor', 'ceil'] as const;
const RATES = ['rateofchange', 'rateofchangesec'] as const;
const COMPARISONS = '= == eq < lt > gt <= ≤ le >= ≥ ge != ≠ ne'.split(' ');
const ARITHMETIC = '% mod + add - sub * × mul / ÷ div ** ^ pow clip_min clip_max max'.split(' ');
type UnaryOperator = (typeof UNARY)[number] | (typeof RATES)[number];
type BinaryOperator =
  | ('=' | '==' | 'eq' | '<' | 'lt' | '>' | 'gt' | '<=' | '≤' | 'le' | '>=' | '≥' | 'ge' | '!=' | '≠' | 'ne')
  | ('%' | 'mod' | '+' | 'add' | '-' | 'sub' | '*' | '×' | 'mul' | '/' | '÷' | 'div' | '**' | '^' | 'pow')
  | ('clip_min' | 'clip_max' | 'max');

/**
 * What is computed of metrics, in Gnocchi's own grammar: `['*', ['rateofchange', ['metric', 'cpu', 'mean']], 1e-9]`.
 *
 * A metric is named by its id, or, among resources, by its name or a pattern of names, with the aggregation method of its archive
 * policy. The span of `resample` is a duration, as everywhere here.
 *
 * @see https://gnocchi.osci.io/rest.html#dynamic-aggregates, `gnocchi/rest/aggregates/operations.py`
 */
export type GnocchiOperation =
  | readonly ['metric', metric: string, method: string]
  | readonly ['metric', ...metrics: (readonly [metric: string, method: string])[]]
  | readonly [UnaryOperator, GnocchiOperation]
  | readonly [BinaryOperator, GnocchiOperand, GnocchiOperand]
  | readonly ['clip', GnocchiOperation, GnocchiOperand, GnocchiOperand]
  | readonly ['aggregate', ReaggregationMethod, GnocchiOperation]
  | readonly ['resample', ReaggregationMethod, span: Duration, GnocchiOperation]
  | readonly ['rolling', ReaggregationMethod, points: number, GnocchiOperation];

/** An operation, or a number. */
export type GnocchiOperand = GnocchiOperation | number;

/** Operators that came after 4.4, by the release that first had them (the tags of gnocchixyz/gnocchi). */
export const OPERATOR_SINCE: ReadonlyMap<string, readonly [major: number, minor: number]> = new Map([
  ['rateofchangesec', [4, 5]],
  ['max', [4, 5]],
]);

/** What an operation needs, and how it is sent. */
export interface ReadOperation {
  readonly metrics: readonly { readonly metric: string; readonly method: string }[];
  readonly operators: ReadonlySet<string>;
  readonly wire: readonly unknown[];
}

/** @throws InputError for what is no operation, by its place */
export function readOperation(operation: GnocchiOperation, caller: string): ReadOperation {
  const metrics = new Map<string, { metric: string; method: string }>();
  const operators = new Set<string>();
  const refuse = (path: string, why: string): never => {
    throw new InputError(`${caller}: ${path}: ${why}`, { field: path, operation: caller });
  };
  const metricsIn = (rest: readonly unknown[], path: string): readonly unknown[] => {
    const references = typeof rest[0] === 'string' ? [rest] : rest;
    if (references.length === 0) refuse(path, 'names no metric');
    for (const [index, reference] of references.entries()) {
      if (!isReference(reference))
        return refuse(`${path}.${index + 1}`, 'must be a metric and an aggregation method');
      const [metric, method] = reference;
      metrics.set(JSON.stringify(reference), { metric, method });
    }
    return ['metric', ...rest];
  };
  const operand = (value: unknown, path: string, depth: number): unknown => {
    if (typeof value !== 'number') return node(value, path, depth);
    return Number.isFinite(value) ? value : refuse(path, 'must be a finite number');
  };
  const node = (value: unknown, path: string, depth: number): readonly unknown[] => {
    if (!Array.isArray(value) || typeof value[0] !== 'string')
      return refuse(path, 'must be an operation, such as ["metric", "cpu", "mean"]');
    if (depth > DEEPEST) return refuse(path, `is nested more than ${DEEPEST} deep`);
    const [operator, ...rest] = value as [string, ...unknown[]];
    operators.add(operator);
    const takes = (count: number): void => {
      if (rest.length !== count) refuse(path, `${operator} takes ${count}, and has ${rest.length}`);
    };
    const below = (index: number): unknown => operand(rest[index], `${path}.${index + 1}`, depth + 1);
    const nodeBelow = (index: number): unknown => node(rest[index], `${path}.${index + 1}`, depth + 1);
    if (operator === 'metric') return metricsIn(rest, path);
    if (isOneOf(UNARY, operator) || isOneOf(RATES, operator)) {
      takes(1);
      return [operator, nodeBelow(0)];
    }
    if (isOneOf(COMPARISONS, operator) || isOneOf(ARITHMETIC, operator)) {
      takes(2);
      return [operator, below(0), below(1)];
    }
    if (operator === 'clip') {
      takes(3);
      return [operator, nodeBelow(0), below(1), below(2)];
    }
    if (operator !== 'aggregate' && operator !== 'resample' && operator !== 'rolling')
      return refuse(path, 'begins with an operator that there is not');
    takes(operator === 'aggregate' ? 2 : 3);
    const method = rest[0];
    if (typeof method !== 'string' || !isOneOf(METHODS, method.replace(/^rate:/, '')))
      return refuse(`${path}.1`, `must be one of ${METHODS.join(', ')}, each alone or after rate:`);
    switch (operator) {
      case 'aggregate':
        return [operator, method, nodeBelow(1)];
      case 'resample':
        return [operator, method, spanOf(rest[1], `${path}.2`), nodeBelow(2)];
      case 'rolling':
        if (!Number.isInteger(rest[1]) || Number(rest[1]) < 1)
          return refuse(`${path}.2`, 'must be a number of points, 1 or more');
        return [operator, method, rest[1], nodeBelow(2)];
    }
  };
  const spanOf = (span: unknown, path: string): number => {
    const ms = milliseconds(span as Duration, path);
    return ms > 0 ? ms / 1000 : refuse(path, 'must be above 0');
  };
  const wire = node(operation, 'operations', 0);
  if (metrics.size === 0) refuse('operations', 'names no metric');
  return { metrics: [...metrics.values()], operators, wire: asFloats(wire) };
}

/**
 * Gnocchi 4.4 cannot write whole numbers and truth values of NumPy as JSON (`gnocchi/json.py`): it closes the connection. Times 1
 * they are numbers that it can write.
 */
export const asFloats = (wire: readonly unknown[]): readonly unknown[] =>
  hasIntegers(wire) ? ['*', wire, 1] : wire;

const hasIntegers = (node: unknown): boolean =>
  Array.isArray(node) &&
  node[0] !== 'metric' &&
  (isOneOf(COMPARISONS, String(node[0])) || node[1] === 'count' || node.some(hasIntegers));

/** Deeper than anybody writes by hand. */
const DEEPEST = 32;

const isOneOf = (list: readonly string[], name: string): boolean => list.includes(name);

const isReference = (value: unknown): value is readonly [string, string] =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((part) => typeof part === 'string' && part !== '');
