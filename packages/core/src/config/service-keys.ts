import type { LocatedMap, LocatedText } from './located.ts';
import { textOf } from './located.ts';
import { officialType, typesToTry } from '../services/service-types.ts';

/**
 * The settings of an entry that are of one service: `<service>_<suffix>`, by official type.
 *
 * Of several for one service, the official type's wins, then the aliases in their order (openstacksdk
 * `config/cloud_region.py`, `_get_config`).
 */
export function serviceTexts(entry: LocatedMap, suffix: string): Map<string, LocatedText> {
  const best = new Map<string, { readonly rank: number; readonly text: LocatedText }>();
  for (const key of entry.entries.keys()) {
    if (!key.endsWith(`_${suffix}`)) continue;
    const text = textOf(entry, key);
    if (text === undefined) continue;
    const written = key.slice(0, -suffix.length - 1).replaceAll('_', '-');
    const type = officialType(written);
    const rank = typesToTry(type).indexOf(written);
    const other = best.get(type);
    if (other === undefined || rank < other.rank) best.set(type, { rank, text });
  }
  return new Map([...best].map(([type, { text }]) => [type, text]));
}
