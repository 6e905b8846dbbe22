import { parseArguments } from '@groundcrew/ground';
import * as z from 'zod';
import { type CheckOptions, checkedOptions } from '../probing/ask.ts';
import { type BuiltInCatalogue, catalogue as shipped } from './catalogue.ts';
import { observeTarget } from './component-observer.ts';
import type { Catalogue } from './define-component.ts';
import { type CatalogueOption, observersOf, type StackSnapshot, type StackTargets } from './snapshot.ts';

/**
 * Asks every target of every component at the same time, each within the deadline of `options.timeout`, so that a
 * snapshot takes about as long as its slowest part. What does not answer leaves a gap, and keeps nothing else waiting.
 *
 * @throws InputError naming the field of a target, or a key that no component has, before anything is asked
 * @example
 * const snapshot = await observeStack({
 *   galera: ['db-1', 'db-2', 'db-3'].map((host) => ({ host, user: 'monitor', password })),
 *   haproxy: [{ socket: '/run/haproxy/admin.sock' }],
 * });
 * const findings = assessStack(snapshot);
 */
export async function observeStack<C extends Catalogue = BuiltInCatalogue>(
  targets: StackTargets<C>,
  options: CheckOptions & CatalogueOption<C> = {},
): Promise<StackSnapshot<C>> {
  const { catalogue, ...check } = options;
  const observers = observersOf(catalogue ?? shipped);
  const checked = checkedOptions('observeStack', check);
  const lists = [...observers].map(([key, { target }]) => [key, z.array(target).optional()] as const);
  // A key that is misspelt would not be looked at, without a word.
  const schema = z.strictObject({ ...Object.fromEntries(lists), heartbeats: z.unknown().optional() });
  const { heartbeats, ...asked } = parseArguments('observeStack', schema, targets);
  const observations = await Promise.all(
    [...observers].map(async ([key, observer]) => {
      const list = (asked as Readonly<Record<string, readonly unknown[] | undefined>>)[key] ?? [];
      return [
        key,
        await Promise.all(list.map((target) => observeTarget(observer, target, checked))),
      ] as const;
    }),
  );
  return { ...Object.fromEntries(observations), heartbeats } as unknown as StackSnapshot<C>;
}
