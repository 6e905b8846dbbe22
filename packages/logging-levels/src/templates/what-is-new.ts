import { aSignal, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { LogRecord } from '../parse.ts';
import type { WhatIsNew } from './change.ts';
import { compareCorpora } from './compare.ts';
import { above, countOptions, type CountOptions } from './counts.ts';
import { Templates, type TemplatesOptions } from './store.ts';

/** Logs to compare: what was counted of them, or their records. */
export type LogCorpus = Templates | Iterable<LogRecord> | AsyncIterable<LogRecord>;

export interface WhatIsNewOptions extends CountOptions, Pick<TemplatesOptions, 'known'> {
  /** The logs of the day, the host or the release that is known to be good. */
  readonly before: LogCorpus;
  readonly after: LogCorpus;
  /** The factor by which the share of a template in the records must have grown to be told. @default 3 */
  readonly rise?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const isCorpus = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (value instanceof Templates || Symbol.iterator in value || Symbol.asyncIterator in value);
const aCorpus = z.custom<LogCorpus>(isCorpus, 'must be Templates, or iterable records');

const whatIsNewOptions = optionsSchema<WhatIsNewOptions>({
  ...countOptions,
  before: aCorpus,
  after: aCorpus,
  known: z.unknown().optional(),
  rise: z.number().gt(1).optional(),
  signal: aSignal.optional(),
});

/**
 * What the logs after say that those before do not: messages that appeared, changed their level, became much more frequent, or
 * vanished; between two days, two hosts or two releases. Names that vary are collapsed over both logs at once, so that none is new
 * because there were fewer before.
 *
 * @throws InputError for an option that does not fit
 * @throws the reason of `signal` when it is aborted
 * @example const { changes } = await whatIsNew({ before: yesterday, after: today });
 */
export async function whatIsNew(options: WhatIsNewOptions): Promise<WhatIsNew> {
  parseArguments('whatIsNew', whatIsNewOptions, options);
  const before = await templatesOf(options.before, options);
  const after = await templatesOf(options.after, options);
  return compareCorpora(before, after, { above: above(options), rise: options.rise ?? 3 });
}

async function templatesOf(corpus: LogCorpus, { known, signal }: WhatIsNewOptions): Promise<Templates> {
  if (corpus instanceof Templates) return corpus;
  const templates = new Templates({ known });
  for await (const record of corpus) {
    signal?.throwIfAborted();
    templates.add(record);
  }
  return templates;
}
