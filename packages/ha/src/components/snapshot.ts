import { type BuiltInCatalogue, catalogue } from './catalogue.ts';
import type { ComponentObserver, StackView } from './component-observer.ts';
import type { Catalogue, Component } from './define-component.ts';
import type { Heartbeats, Seen } from './seen.ts';

/** Of each component of a catalogue, the key under which it is observed, its target, and what that is seen as. */
type ObservedParts<C extends Catalogue> = PartOf<C[keyof C]>;
type PartOf<One> =
  One extends Component<string, infer Key, infer Target, infer Value>
    ? { readonly key: Key; readonly target: Target; readonly value: Value }
    : never;

/**
 * What a management stack consists of, and where it is asked, by the keys of the catalogue's components. What is left
 * out is not looked at.
 */
export type StackTargets<C extends Catalogue = BuiltInCatalogue> = {
  readonly [Key in ObservedParts<C>['key']]?:
    | readonly Extract<ObservedParts<C>, { readonly key: Key }>['target'][]
    | undefined;
} & {
  /** Of this package's `observe(cloud)`. */
  readonly heartbeats?: Heartbeats | undefined;
};

/**
 * A management stack, as every part of it answered for itself: for each target one observation. An empty list means
 * that nobody was asked; it says nothing of whether there is one.
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

/** For each key the component that is asked for it: components that share targets have the same observer. */
export function observersOf(components: Catalogue): ReadonlyMap<string, TargetedComponent> {
  const observers = new Map<string, TargetedComponent>();
  for (const component of Object.values(components))
    if (hasTargets(component) && !observers.has(component.key)) observers.set(component.key, component);
  return observers;
}

const hasTargets = (component: Component): component is TargetedComponent => component.target !== undefined;

/** What was seen under each key; `heartbeats` is of the cloud. */
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

/** What a component was seen as: of targets that several share, only what is of this one. */
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
