import { InputError } from '@groundcrew/ground';
import { type BuiltInCatalogue, catalogue } from './catalogue.ts';
import type { ComponentObserver, StackView } from './component-observer.ts';
import type { Catalogue, Component } from './define-component.ts';
import type { Heartbeats, Seen } from './seen.ts';

/** The key under which each component of a catalogue is observed, its target, and the value of its observation. */
type ObservedParts<C extends Catalogue> = PartOf<C[keyof C]>;
type PartOf<One> =
  One extends Component<string, infer Key, infer Target, infer Value>
    ? { readonly key: Key; readonly target: Target; readonly value: Value }
    : never;

/**
 * The targets of a management stack, by the keys of the catalogue's components. A component that is left out is not
 * looked at.
 */
export type StackTargets<C extends Catalogue = BuiltInCatalogue> = {
  readonly [Key in ObservedParts<C>['key']]?:
    | readonly Extract<ObservedParts<C>, { readonly key: Key }>['target'][]
    | undefined;
} & {
  /** The result of this package's `observe(cloud)`. */
  readonly heartbeats?: Heartbeats | undefined;
};

/**
 * The observations of a management stack: for each target one. An empty list means that nobody was asked; it says
 * nothing of whether there is such a component.
 */
export type StackSnapshot<C extends Catalogue = BuiltInCatalogue> = {
  readonly [Key in ObservedParts<C>['key']]: readonly Seen<
    Extract<ObservedParts<C>, { readonly key: Key }>['value']
  >[];
} & {
  /** `undefined` if the cloud was not asked. */
  readonly heartbeats: Heartbeats | undefined;
};

/** The catalogue that a question is about. */
export interface CatalogueOption<C extends Catalogue = BuiltInCatalogue> {
  /** The components, your own among them: `{ ...catalogue, redis }`. @default the catalogue of this package */
  readonly catalogue?: C | undefined;
}

/** A component that has targets. */
export type TargetedComponent = Component & ComponentObserver;

/**
 * For each key the component that is asked for it. Components that share targets have the same observer.
 *
 * @throws InputError if two components have one key and are observed in different ways
 */
export function observersOf(components: Catalogue): ReadonlyMap<string, TargetedComponent> {
  const observers = new Map<string, TargetedComponent>();
  for (const component of Object.values(components)) {
    if (!hasTargets(component)) continue;
    const first = observers.get(component.key) ?? component;
    if (first.target !== component.target || first.observe !== component.observe)
      throw new InputError(
        `catalogue: ${first.name} and ${component.name} are both observed as ${component.key}, in different ways`,
        { field: `catalogue.${component.name}.key`, operation: 'observeStack' },
      );
    observers.set(component.key, first);
  }
  return observers;
}

const hasTargets = (component: Component): component is TargetedComponent => component.target !== undefined;

/** The observations under each key; `heartbeats` is of the cloud. */
export function observationsIn(snapshot: object): ReadonlyMap<string, readonly Seen<unknown>[]> {
  return new Map(
    Object.entries(snapshot).filter(
      (entry): entry is [string, readonly Seen<unknown>[]] =>
        entry[0] !== 'heartbeats' && Array.isArray(entry[1]),
    ),
  );
}

/** A snapshot, as the functions of components look at it. */
export function viewOf(snapshot: object): StackView {
  const observations = observationsIn(snapshot);
  const { heartbeats } = snapshot as { readonly heartbeats?: Heartbeats };
  return {
    heartbeats,
    seen: <Value>({ key }: Pick<ComponentObserver<string, unknown, Value>, 'key'>) =>
      (observations.get(key) ?? []) as readonly Seen<Value>[],
  };
}

/** The observations of a component: of targets that several components share, only those of this one. */
export function seenOfComponent(component: Component, view: StackView): readonly Seen<unknown>[] {
  if (!hasTargets(component)) return [];
  return view
    .seen(component)
    .filter((seen) => component.componentOf === undefined || component.componentOf(seen) === component.name);
}

/** A snapshot of nothing, to add what was seen to. */
export const emptySnapshot: StackSnapshot = {
  ...(Object.fromEntries([...observersOf(catalogue).keys()].map((key) => [key, []])) as unknown as Omit<
    StackSnapshot,
    'heartbeats'
  >),
  heartbeats: undefined,
};
