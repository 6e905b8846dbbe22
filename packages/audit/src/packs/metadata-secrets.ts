import { findSecrets, isSecretName, type Subject } from '@groundcrew/ground';
import { fail, type Judgement, pass } from '../policy/judgement.ts';

/**
 * Judges metadata by names that tell of a secret, and by values that have the shape of one. It tells the names of fields
 * only: a value must not get into a report.
 */
export function secretsIn(
  subject: Subject,
  metadata: Readonly<Record<string, string | null>>,
  project: string | undefined,
): Judgement {
  const entries = Object.entries(metadata).filter(([, value]) => value !== null && value !== '');
  const named = entries.filter(([name]) => isSecretName(name));
  const shaped = entries.filter(
    ([name, value]) => !isSecretName(name) && findSecrets(value ?? '').length > 0,
  );
  const names = (some: typeof entries): string => some.map(([name]) => name).join(', ');
  const because = [
    ...(named.length > 0 ? [`its metadata has values for ${names(named)}`] : []),
    ...(shaped.length > 0
      ? [`in its metadata, what is a secret by its shape stands under ${names(shaped)}`]
      : []),
  ];
  return because.length > 0
    ? fail(subject, because, { project })
    : pass(
        subject,
        `neither name nor value in its metadata (${entries.length}) is known as that of a secret`,
        {
          project,
        },
      );
}
