import { z } from 'zod';
import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import { InputError } from '@groundcrew/core';
import type { Refusal } from '@groundcrew/runbook';
import { catalogue as shipped } from './catalogue.ts';
import type { Catalogue, Component, Move, UnsafeMove } from './define-component.ts';
import type { StackSnapshot } from './snapshot.ts';

/** A refusal, with the moves that it is about. */
export interface UnsafeNow extends Refusal {
  /** The rule: `mariadb.acting-during-transfer`. */
  readonly rule: string;
  readonly moves: readonly Move[];
  readonly source: UnsafeMove['source'];
}

export interface UnsafeNowOptions {
  /** Only what speaks against this move. @default all */
  readonly move?: Move | undefined;
  /** @default the one that is shipped */
  readonly catalogue?: Catalogue | undefined;
}

const unsafeOptions = optionsSchema<UnsafeNowOptions>({
  move: z.string().min(1).optional(),
  catalogue: anObjectWith<Catalogue>('a Catalogue').optional(),
});

/**
 * Which moves would be unsafe at this moment: of a component and, where it matters, of one of its nodes, which is the
 * refusal's subject. What was not seen is refused, too, since acting would be guessing. An empty list says that no rule
 * which an observation can decide speaks against it; `standingWarnings` has the rules for people.
 *
 * @param component Its name, or itself.
 * @throws InputError for a name that the catalogue does not have
 * @example
 * const refusals = unsafeNow('mariadb', snapshot, { move: 'restart' });
 * if (refusals.length > 0) throw new Error(refusals[0].reason);
 */
export function unsafeNow(
  component: string | Component,
  snapshot: StackSnapshot,
  options: UnsafeNowOptions = {},
): UnsafeNow[] {
  parseArguments('unsafeNow', unsafeOptions, options);
  const { move, catalogue = shipped } = options;
  const told = new Set<string>();
  return rulesOf(component, move, catalogue)
    .flatMap((rule) =>
      (rule.refuses?.(snapshot) ?? []).map((refusal) => ({
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

/** The rules that no observation decides: what a person must know before he moves. */
export function standingWarnings(
  component: string | Component,
  options: UnsafeNowOptions = {},
): UnsafeMove[] {
  parseArguments('standingWarnings', unsafeOptions, options);
  const { move, catalogue = shipped } = options;
  return rulesOf(component, move, catalogue).filter((rule) => rule.refuses === undefined);
}

function rulesOf(component: string | Component, move: Move | undefined, catalogue: Catalogue): UnsafeMove[] {
  const known = typeof component === 'string' ? componentOf(component, catalogue) : component;
  return known.unsafe.filter((rule) => move === undefined || rule.moves.includes(move));
}

function componentOf(name: string, catalogue: Catalogue): Component {
  const known = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
  if (known === undefined)
    throw new InputError(`unsafeNow: no component ${name}`, {
      field: 'component',
      operation: 'unsafeNow',
    });
  return known;
}
