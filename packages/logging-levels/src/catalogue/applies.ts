import { placeOf } from '../release.ts';
import type { CatalogueEntry } from './entry.ts';

/** Whether the source of a release has an entry. Without a release any that was looked at may be meant. */
export function appliesTo({ releases }: CatalogueEntry, release: string | undefined): boolean {
  if (release === undefined) return true;
  const place = placeOf(release);
  return placeOf(releases.first) <= place && place <= placeOf(releases.last);
}
