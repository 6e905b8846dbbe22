import { findSecrets } from '@groundcrew/ground';
import type { LogRecord } from '../parse.ts';
import type { Certainty } from '../rules.ts';
import type { Offence } from './offence.ts';
import { secretCertainty } from './secret-certainty.ts';

/** The offence of a text with a secret, by its own shape or by the name before it; `undefined` if it has none. */
export function secretIn(text: string): Offence | undefined {
  let found: Certainty | undefined;
  for (const secret of findSecrets(text)) {
    const certainty = secretCertainty(text, secret);
    if (certainty === 'sure') return offence('sure');
    found ??= certainty;
  }
  return found === undefined ? undefined : offence(found);
}

/** The offence of a record with a secret, in whatever of it. */
export function secretOf(record: LogRecord): Offence | undefined {
  // The key of a PEM block stands in lines of its own: they are looked at together.
  const text =
    record.more.length === 0 ? record.message : [record.message, ...withoutSource(record.more)].join('\n');
  const own = secretIn(text);
  const { beside } = record;
  if (own?.certainty === 'sure' || beside === undefined) return own;
  const others = secretIn(beside);
  if (others === undefined || record.format !== 'oslo-json') return others ?? own;
  return secretIn(withoutTraceback(beside)) ?? own;
}

const offence = (certainty: Certainty): Offence => ({ rule: 'secret-in-log', wanted: undefined, certainty });

/** The lines of a traceback, with the names out of its source that are assigned to names. */
const withoutSource = (lines: readonly string[]): string[] =>
  lines.map((line, index) =>
    line.startsWith('    ') && FRAME.test(lines[index - 1] ?? '') ? line.replaceAll(ASSIGNED, ' ') : line,
  );

const FRAME = /^ {2}File "/;
/** Python's names, which may be called: a value of its own is quoted. */
const ASSIGNED = /= ?[A-Za-z_][\w.]{0,200}(?=[,()[\]\s]|$)/g;

/** JSON of oslo.log without its traceback, which is looked at with the message: what assigns names there is source. */
function withoutTraceback(json: string): string {
  try {
    return JSON.stringify({ ...(JSON.parse(json) as object), traceback: undefined });
  } catch {
    // So deep that it cannot be written again.
    return json;
  }
}
