import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { messageCatalogue } from '../catalogue/all.ts';
import { appliesTo } from '../catalogue/applies.ts';
import { catalogueUrl } from '../catalogue/url.ts';
import { type Level, levels } from '../level.ts';
import { aRelease } from '../release.ts';
import { urgency } from './urgency.ts';

/** A message to be left out where logs are collected, for any collector. */
export interface QuietFilter {
  /** Of the entry of the catalogue. */
  readonly id: string;
  readonly logger: string;
  readonly level: Level;
  /** The message, with `*` where it varies; an exception may follow it. */
  readonly template: string;
  /** The class of the exception that must follow, with `*` where it varies. */
  readonly exception?: string;
  readonly because: string;
  /** Upstream's source. */
  readonly source: string;
}

export interface QuietFiltersOptions {
  /** The lowest level that is kept: what is logged there or above, and should be below, is left out. */
  readonly keep: Level;
  /** The release of the services, `zed` or `2025.1`. @default any release that was looked at */
  readonly release?: string | undefined;
}

const quietFiltersOptions = optionsSchema<QuietFiltersOptions>({
  keep: z.enum(Object.keys(levels) as Level[]),
  release: aRelease.optional(),
});

/**
 * The messages of the catalogue that a collector may leave out: for what is kept by `info`, those that should be at debug; for an
 * alarm on `error`, those that should be warnings.
 *
 * @throws InputError for a level or a release that is none
 * @example quietFilters({ keep: 'error', release: 'zed' })
 */
export function quietFilters(options: QuietFiltersOptions): QuietFilter[] {
  parseArguments('logging-levels.quietFilters', quietFiltersOptions, options);
  const { keep, release } = options;
  return messageCatalogue
    .filter((entry) => appliesTo(entry, release))
    .filter(({ from, should }) => urgency(from) >= urgency(keep) && urgency(should) < urgency(keep))
    .map(({ id, logger, from, template, exception, why, source }) => ({
      id,
      logger,
      level: from,
      template,
      ...(exception === undefined ? {} : { exception }),
      because: why,
      source: catalogueUrl(source),
    }));
}
