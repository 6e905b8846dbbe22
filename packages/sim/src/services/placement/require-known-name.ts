import type { Call } from '../../call.ts';
import { notFound } from '../../fault.ts';

export function requireKnownName(call: Call, kind: 'classes' | 'traits', human: string): string {
  const name = call.param('name');
  if (!call.state.placement[kind].has(name)) throw notFound(`No such ${human} ${name}`);
  return name;
}
