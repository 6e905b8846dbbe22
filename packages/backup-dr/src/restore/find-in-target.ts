import type { Wire } from '../point/tenant-point.ts';
import { textOf } from '../point/wire.ts';

/** The one thing of a list that has this id or, if none has, this name; `several`: the name is not one thing's. */
export function findByIdOrName(list: readonly Wire[], idOrName: string): Wire | 'several' | undefined {
  const byId = list.find((wire) => wire['id'] === idOrName);
  if (byId !== undefined) return byId;
  const named = list.filter((wire) => wire['name'] === idOrName);
  return named.length > 1 ? 'several' : named[0];
}

/** The id of a thing; every service gives one. */
export const idIn = (wire: Wire): string => textOf(wire['id']) ?? '';
