import { table } from '@groundcrew/ground/series';
import { z } from 'zod';

/** The place of a release among all, by its name (`zed`, `epoxy`) or its number (`2025.1`); -1 if it is none. */
export const placeOf = (release: string): number =>
  table.findIndex(({ name, number }) => name === release || number === release);

/** Schema of an option that names a release. */
export const aRelease = z
  .string()
  .refine((release) => placeOf(release) !== -1, 'is no release of OpenStack: zed, 2025.1, …');
