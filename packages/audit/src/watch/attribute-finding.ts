import {
  aClock,
  aDuration,
  anObjectWith,
  aSignal,
  type Duration,
  type Finding,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { Clock } from '@groundcrew/core';
import { isExposure } from '../security-groups/findings/exposure-finding.ts';
import type { Attribution } from '../trail/attribute.ts';
import type { Trail } from '../trail/trail.ts';

export interface AttributeFindingOptions {
  readonly trail: Pick<Trail, 'who'>;
  /** The longest wait for the API's own event, which comes a moment after that of the service. @default 0 */
  readonly patience?: Duration | undefined;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly signal?: AbortSignal | undefined;
}

const attributeOptions = optionsSchema<AttributeFindingOptions>({
  trail: anObjectWith<Trail>('a Trail', 'who'),
  patience: aDuration.optional(),
  clock: aClock,
  signal: aSignal.optional(),
});

/** Milliseconds between two looks. */
const LOOK = 50;

/**
 * Tells who caused a finding: for an exposure, who created each of the rules that cause it. A part that is not known
 * says why. A finding that names no rules has no author.
 */
export async function attributeFinding(
  finding: Finding,
  options: AttributeFindingOptions,
): Promise<Attribution[]> {
  parseArguments('attributeFinding', attributeOptions, options);
  const { trail, patience = 0, clock, signal } = options;
  if (!isExposure(finding)) return [];
  const until = clock.now() + milliseconds(patience);
  const ask = (): Promise<Attribution[]> =>
    Promise.all(
      finding.cause.map(({ rule_id: id }) =>
        trail.who({ did: 'create', to: { type: 'security_group_rule', id } }),
      ),
    );
  let answers = await ask();
  while (answers.some(isComing) && clock.now() < until) {
    signal?.throwIfAborted();
    await clock.sleep(LOOK, signal);
    answers = await ask();
  }
  return answers;
}

/** The group may have been read for another rule before anything was told of this one. */
const isComing = ({ change, request }: Attribution): boolean => !change.known || !request.known;
