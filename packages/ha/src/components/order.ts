import { InputError } from '@groundcrew/core';
import type { Catalogue } from './define-component.ts';

/**
 * The order in which components start, derived from what they need: those of one layer do not need each other, and
 * each layer needs only earlier ones. What stands between two of the chosen orders them even if it is not chosen.
 *
 * @param names Components to order; all of the catalogue by default.
 * @throws InputError on a need that the catalogue does not have, a name likewise, or a circle
 * @example
 * startOrder(catalogue, ['nova-api', 'mariadb', 'keystone']); // [['mariadb'], ['keystone'], ['nova-api']]
 */
export function startOrder(
  catalogue: Catalogue,
  names: readonly string[] = Object.keys(catalogue),
): string[][] {
  for (const name of names) if (!Object.hasOwn(catalogue, name)) throw wrong(`no component ${name}`, name);
  const depth = new Map<string, number>();
  const visit = (name: string, path: readonly string[]): number => {
    const known = depth.get(name);
    if (known !== undefined) return known;
    if (path.includes(name)) throw wrong(`a circle: ${[...path, name].join(' needs ')}`, name);
    const component = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
    if (component === undefined)
      throw wrong(`${path.at(-1)} needs ${name}, which the catalogue does not have`, name);
    const after = component.needs.map((need) => visit(need.component, [...path, name]) + 1);
    const own = Math.max(0, ...after);
    depth.set(name, own);
    return own;
  };
  const layers = new Map<number, string[]>();
  for (const name of new Set(names)) {
    const layer = visit(name, []);
    layers.set(layer, [...(layers.get(layer) ?? []), name]);
  }
  return [...layers].toSorted(([a], [b]) => a - b).map(([, layer]) => layer.toSorted());
}

/** The order in which components stop: the other way round. */
export const stopOrder = (catalogue: Catalogue, names?: readonly string[]): string[][] =>
  startOrder(catalogue, names).toReversed();

/** Everything that stops or suffers without a component, itself not included, by how. */
export function dependents(
  catalogue: Catalogue,
  name: string,
): { readonly hard: string[]; readonly soft: string[] } {
  const hard = reach(catalogue, name, (kind) => kind === 'hard');
  const all = reach(catalogue, name, () => true);
  return {
    hard: [...hard].toSorted(),
    soft: [...all].filter((dependent) => !hard.has(dependent)).toSorted(),
  };
}

function reach(catalogue: Catalogue, name: string, counts: (kind: 'hard' | 'soft') => boolean): Set<string> {
  const found = new Set<string>();
  const queue = [name];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const component of Object.values(catalogue)) {
      if (found.has(component.name) || component.name === name) continue;
      if (!component.needs.some((need) => need.component === next && counts(need.kind))) continue;
      found.add(component.name);
      queue.push(component.name);
    }
  }
  return found;
}

const wrong = (message: string, field: string): InputError =>
  new InputError(`catalogue: ${message}`, { field, operation: 'startOrder' });
