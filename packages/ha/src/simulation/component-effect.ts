import type { PlacedComponent } from './inventory.ts';

/** The effect of a loss on a component. */
export interface ComponentEffect {
  readonly name: string;
  /** `degraded`: it goes on, with fewer. `no-quorum`: its members are there, and may not act. `stopped`: none is left. */
  readonly effect: 'unaffected' | 'degraded' | 'no-quorum' | 'stopped';
  readonly left: number;
  readonly of: number;
  /** Further members that it can lose and go on. */
  readonly margin: number;
}

/** Pure. */
export function effectOn({ name, mode, hosts }: PlacedComponent, lost: ReadonlySet<string>): ComponentEffect {
  const of = hosts.length;
  const left = hosts.filter((host) => !lost.has(host)).length;
  const needed = mode === 'quorum' ? Math.floor(of / 2) + 1 : 1;
  const margin = Math.max(0, left - needed);
  if (left === of) return { name, effect: 'unaffected', left, of, margin };
  if (left === 0) return { name, effect: 'stopped', left, of, margin };
  return { name, effect: left < needed ? 'no-quorum' : 'degraded', left, of, margin };
}
