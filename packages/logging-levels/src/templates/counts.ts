import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { collapse } from './collapse.ts';
import { KnownTexts } from './known.ts';
import { GrowingTally, type MessageTally } from './tally.ts';
import { type Template, templateId } from './template-id.ts';

/** What was counted of one template. */
export interface TemplateCount extends MessageTally {
  readonly template: Template;
  /** The ids of the templates that became this one, in order; its own where none did. */
  readonly exact: readonly string[];
  /** Whether it is one of those that are known from before. */
  readonly isKnown: boolean;
}

export interface CountOptions {
  /**
   * A place where more different words than this stand, in messages that are equal otherwise, varies; `false`: none does.
   * @default 50
   */
  readonly collapseAbove?: number | false | undefined;
}

/** Part of a schema that others' options share with {@link CountOptions}. */
export const countOptions = { collapseAbove: z.union([z.literal(false), z.int().min(2)]).optional() };
const countSchema = optionsSchema<CountOptions>(countOptions);

/** The number above which places vary. */
export function collapseAbove(operation: string, options: CountOptions): number {
  parseArguments(operation, countSchema, options);
  return above(options);
}

export const above = ({ collapseAbove: words = 50 }: CountOptions): number =>
  words === false ? Number.POSITIVE_INFINITY : words;

/** A template before anything is collapsed. */
export interface ExactCount {
  readonly template: Template;
  readonly isKnown: boolean;
  readonly tally: MessageTally;
}

/** Counts by template, of which some become one; the most frequent first. */
export function countsOf(exact: readonly ExactCount[], words: number): TemplateCount[] {
  return joined(exact, renaming(exact, words));
}

/** The text that a template has after collapsing. */
export type Renaming = (template: Template) => string;

/** Whatever is known stays as it is, and what fits it becomes it. */
export function renaming(
  exact: readonly Pick<ExactCount, 'template' | 'isKnown'>[],
  words: number,
): Renaming {
  const byLogger = new Map(
    [...Map.groupBy(exact, ({ template }) => template.logger)].map(([logger, group]) => {
      const known = group.filter(({ isKnown }) => isKnown).map(({ template }) => template.text);
      const fits = new KnownTexts(known);
      const others = group
        .map(({ template }) => template.text)
        .filter((text) => fits.find(text) === undefined);
      return [logger, { fits, collapsed: collapse(others, words) }] as const;
    }),
  );
  return ({ logger, text }) => {
    const of = byLogger.get(logger);
    return of?.fits.find(text) ?? of?.collapsed.get(text) ?? text;
  };
}

/** Counts of the templates that one renaming makes. */
export function joined(exact: readonly ExactCount[], rename: Renaming): TemplateCount[] {
  const groups = Map.groupBy(exact, ({ template }) => templateId(template.logger, rename(template)));
  const counts = [...groups].map(([id, group]) => {
    const tally = new GrowingTally();
    for (const { tally: one } of group) tally.add(one);
    const { logger } = group[0]?.template ?? { logger: '' };
    const text = group[0] === undefined ? '' : rename(group[0].template);
    return {
      template: { id, logger, text },
      ...tally.values(),
      exact: group.map(({ template }) => template.id).toSorted(),
      isKnown: group.some(({ isKnown, template }) => isKnown && template.id === id),
    };
  });
  return counts.toSorted((a, b) => b.times - a.times || (a.template.id < b.template.id ? -1 : 1));
}
