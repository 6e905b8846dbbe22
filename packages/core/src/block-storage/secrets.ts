import { z } from 'zod';
import { Secret } from '../secret.ts';

/** A password or key that Cinder answers: it comes out wrapped, so that no log line shows it. */
export const AnsweredSecret = z.string().transform((text) => new Secret(text));

/** A key to be sent, wrapped or as text. */
export const GivenSecret = z.union([z.string(), z.instanceof(Secret)]);
