import { type Cloud, compareMicroversions, gapOf } from '@groundcrew/core';
import type { Gap, ReadOptions } from '@groundcrew/ground';

/** The newest microversions whose fields the records know. */
const NEWEST = { compute: '2.104', 'block-storage': '3.71' } as const;
export type VersionedService = keyof typeof NEWEST;

/** The microversion to read with: the newest that both sides know; `undefined`, with a gap, if the service does not tell. */
export interface ReadVersion {
  readonly version: string | undefined;
  readonly gap: Gap | undefined;
}

/** Finds the microversion that a service is to be read with. */
export async function readVersion(
  cloud: Cloud,
  service: VersionedService,
  options: ReadOptions,
): Promise<ReadVersion> {
  try {
    const maxima = (await cloud.versions(service, options)).flatMap(({ max }) => max ?? []);
    const [newest] = maxima.toSorted((a, b) => compareMicroversions(b, a));
    if (newest === undefined) return { version: undefined, gap: undefined };
    const known = NEWEST[service];
    return { version: compareMicroversions(newest, known) > 0 ? known : newest, gap: undefined };
  } catch (error) {
    return { version: undefined, gap: gapOf(`microversions of ${service}`, error) };
  }
}
