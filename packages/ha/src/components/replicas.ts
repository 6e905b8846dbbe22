import type { Replicas } from './component-facts.ts';
import type { Component } from './define-component.ts';
import type { Seen } from './seen.ts';

/** The replicas of a component each of which is asked for itself; `undefined` if none was, or it does not tell. */
export function eachReplica(
  { replica, sign }: Pick<Component, 'replica' | 'sign'>,
  observations: readonly Seen<unknown>[],
): Replicas | undefined {
  const [first] = observations;
  if (first === undefined || replica === undefined) return undefined;
  const working: string[] = [];
  const broken: string[] = [];
  const unseen: string[] = [];
  for (const { value, source } of observations) {
    if (value === undefined) {
      unseen.push(source);
      continue;
    }
    const { at, works } = replica(value);
    (works === undefined ? unseen : works ? working : broken).push(at);
  }
  const source = observations.map((seen) => seen.source).join(', ');
  return { working, broken, unseen, sign, source, at: first.at };
}
