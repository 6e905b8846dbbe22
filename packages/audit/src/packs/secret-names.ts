import { fail, type Judgement, pass } from '../policy/judgement.ts';
import type { Subject } from '@groundcrew/runbook';

/** Whoever names a field so, puts a secret into it. */
const TELLING =
  /passw(or)?d|passphrase|secret|private[_-]?key|api[_-]?key|access[_-]?key|\btoken\b|_token$|credential/i;

/** Judges names only: a value that looked like a secret must not get into a report. */
export function secretsIn(
  subject: Subject,
  metadata: Readonly<Record<string, string | null>>,
  project: string | undefined,
): Judgement {
  const telling = Object.entries(metadata).flatMap(([name, value]) =>
    TELLING.test(name) && value !== null && value !== '' ? [name] : [],
  );
  return telling.length > 0
    ? fail(subject, `its metadata has values for ${telling.join(', ')}`, { project })
    : pass(subject, `no name in its metadata (${Object.keys(metadata).length}) tells of a secret`, {
        project,
      });
}
