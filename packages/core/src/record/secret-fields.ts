import { z } from 'zod';
import { Secret } from '@groundcrew/ground';

/**
 * A password, key or token that a service answers, some of them only once: it comes out wrapped, so that no log line
 * shows it. What takes a secret (`connect()`, arguments) takes it wrapped; `reveal()` is for all else.
 */
export const AnsweredSecret = z.string().transform((text) => new Secret(text));

/** A password, key or token to be sent, wrapped or as text. */
export const GivenSecret = z.union([z.string(), z.instanceof(Secret)]);
