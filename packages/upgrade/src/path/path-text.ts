import { title } from '../series.ts';
import type { Hop, UpgradePath } from './plan-path.ts';

/** A path as people read it: each hop on a line, with what comes before it and what it needs. */
export function pathText({ hops }: UpgradePath): string {
  return hops.flatMap((hop, at) => linesOf(hop, at + 1)).join('\n');
}

function linesOf({ from, to, kind, before, needs, status, supportedUntil }: Hop, number: number): string[] {
  const until = supportedUntil === undefined ? '' : ` until ${supportedUntil}`;
  return [
    ...before.map(({ from: old, to: next }) => `   first ${old} to ${next}, while it is ${title(from)}`),
    `${number}. ${title(from)} to ${title(to)}${kind === 'slurp' ? ', SLURP to SLURP' : ''}: ${status}${until}`,
    ...needs.map(
      ({ what, needed, there }) => `   needs ${what} ${needed}${there === undefined ? '' : `, has ${there}`}`,
    ),
  ];
}
