import { InputError, type Severity, type Subject } from '@groundcrew/ground';

/** The judgement of a check on one thing. Several of one thing become one finding, the worst counts. */
export interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly subject: Subject;
  /** The reasons: sentences that a person can check. */
  readonly because: readonly string[];
  /** The project that owns it; exemptions and scopes go by it. */
  readonly project?: string | undefined;
  /** The severity of this failure, where it is not that of the policy. */
  readonly severity?: Severity | undefined;
  /**
   * Parts that this holds of only if they are whole, since it rests on something not being in them, or on how many
   * there are. Where one is not, it is `unknown`.
   */
  readonly ifWhole?: readonly string[] | undefined;
}

export type JudgementOptions = Pick<Judgement, 'project' | 'severity' | 'ifWhole'>;

/** A misspelt `ifWhole` would make a pass of parts that were not seen. */
const OPTIONS: ReadonlySet<string> = new Set([
  'project',
  'severity',
  'ifWhole',
] satisfies (keyof JudgementOptions)[]);

/**
 * Judges that the subject meets the requirement. Where a part other than the first is incomplete, the evaluator makes
 * it `unknown`.
 */
export const pass = (
  about: Subject,
  because: string | readonly string[],
  options?: JudgementOptions,
): Judgement => judgement('pass', about, because, options);

/** Judges that the subject does not meet the requirement. */
export const fail = (
  about: Subject,
  because: string | readonly string[],
  options?: JudgementOptions,
): Judgement => judgement('fail', about, because, options);

/** Judges that it cannot be said, although all was read. */
export const unknown = (
  about: Subject,
  because: string | readonly string[],
  options?: JudgementOptions,
): Judgement => judgement('unknown', about, because, options);

/** Makes the subject of a finding from a thing with an id and perhaps a name. */
export const subject = (
  kind: string,
  { id, name }: { readonly id: string; readonly name?: string | null | undefined },
): Subject => ({ kind, id, name: name === null || name === '' ? undefined : name });

function judgement(
  verdict: Judgement['verdict'],
  about: Subject,
  because: string | readonly string[],
  options: JudgementOptions = {},
): Judgement {
  // Written without a helper: there is one for each thing of each policy.
  for (const name of Object.keys(options))
    if (!OPTIONS.has(name))
      throw new InputError(`${verdict}: ${name}: there is no such field`, {
        field: name,
        operation: verdict,
      });
  return { verdict, subject: about, because: typeof because === 'string' ? [because] : because, ...options };
}
