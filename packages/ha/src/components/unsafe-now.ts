import { aCatalogue } from './assess-options.ts';
import { InputError, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Refusal } from '@groundcrew/runbook';
import { z } from 'zod';
import { notAsked, unseenRefusals } from '../probing/report.ts';
import { type BuiltInCatalogue, catalogue as shipped } from './catalogue.ts';
import type { Move } from './component-facts.ts';
import type { StackView } from './component-observer.ts';
import type { Catalogue, Component, UnsafeMove } from './define-component.ts';
import { type CatalogueOption, seenOfComponent, type StackSnapshot, viewOf } from './snapshot.ts';
import { unseenWords } from './unseen-words.ts';

/** A refusal, with the moves that it is about. */
export interface UnsafeNow extends Refusal {
  /** The rule: `mariadb.acting-during-transfer`. */
  readonly rule: string;
  readonly moves: readonly Move[];
  readonly source: UnsafeMove['source'];
}

export interface UnsafeNowOptions<C extends Catalogue = BuiltInCatalogue> extends CatalogueOption<C> {
  /** Only what speaks against this move. @default all */
  readonly move?: Move | undefined;
}

const unsafeOptions = optionsSchema<UnsafeNowOptions>({
  move: z.string().min(1).optional(),
  catalogue: aCatalogue.optional(),
});

/**
 * Tells which moves would be unsafe at this moment: of a component and, where it matters, of one of its nodes, which is the
 * refusal's subject. What was not seen is refused, too, since acting would be guessing. An empty list says that no rule
 * which an observation can decide speaks against it; `standingWarnings` has the rules for people.
 *
 * @param component Its name, or itself.
 * @throws InputError for a name that the catalogue does not have
 * @example
 * const refusals = unsafeNow('mariadb', snapshot, { move: 'restart' });
 * if (refusals.length > 0) throw new Error(refusals[0].reason);
 */
export function unsafeNow<C extends Catalogue = BuiltInCatalogue>(
  component: string | Component,
  snapshot: StackSnapshot<C>,
  options: UnsafeNowOptions<C> = {},
): UnsafeNow[] {
  parseArguments('unsafeNow', unsafeOptions, options);
  const known = componentOf(component, options.catalogue ?? shipped);
  const view = viewOf(snapshot);
  const told = new Set<string>();
  return rulesOf(known, options.move)
    .flatMap((rule) =>
      refusalsOf(known, rule, view).map((refusal) => ({
        ...refusal,
        rule: rule.id,
        moves: rule.moves,
        source: rule.source,
      })),
    )
    .filter(({ code, subject, reason }) => {
      // Two rules that miss the same observation say so once.
      const key = `${code}\n${subject?.id ?? ''}\n${reason}`;
      return !told.has(key) && told.add(key);
    });
}

/** The rules that no observation decides: what a person must know before the move. */
export function standingWarnings<C extends Catalogue = BuiltInCatalogue>(
  component: string | Component,
  options: UnsafeNowOptions<C> = {},
): UnsafeMove[] {
  parseArguments('standingWarnings', unsafeOptions, options);
  const known = componentOf(component, options.catalogue ?? shipped);
  return rulesOf(known, options.move).filter((rule) => rule.refuses === undefined);
}

function refusalsOf(component: Component, rule: UnsafeMove, view: StackView): readonly Refusal[] {
  if (rule.refuses === undefined) return [];
  const seen = seenOfComponent(component, view);
  if (component.target === undefined || rule.refusesUnseen === false) return rule.refuses(seen, view);
  const { id, means } = unseenWords(component);
  if (seen.length === 0) return [notAsked(id, means)];
  return [...unseenRefusals(seen, id, means), ...rule.refuses(seen, view)];
}

const rulesOf = ({ unsafe }: Component, move: Move | undefined): UnsafeMove[] =>
  unsafe.filter((rule) => move === undefined || rule.moves.includes(move));

function componentOf(component: string | Component, catalogue: Catalogue): Component {
  if (typeof component !== 'string') return component;
  const known = Object.hasOwn(catalogue, component) ? catalogue[component] : undefined;
  if (known === undefined)
    throw new InputError(`unsafeNow: no component ${component}`, {
      field: 'component',
      operation: 'unsafeNow',
    });
  return known;
}
