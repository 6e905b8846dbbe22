import { z } from 'zod';
import { Secret } from '../secret.ts';

/** A key or password that Neutron answers: it comes out wrapped, so that no log line shows it. */
export const AnsweredKey = z.string().transform((text) => new Secret(text));

/** A key or password to be sent, wrapped or as text. */
export const GivenKey = z.union([z.string(), z.instanceof(Secret)]);
