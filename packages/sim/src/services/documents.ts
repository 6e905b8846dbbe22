import type { Answer } from '../answer.ts';
import { webob } from '../webob.ts';
import type { Json } from '../wire.ts';

/** An answer in JSON with whatever status. */
export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  body,
  headers,
});
/** No such path, and nobody at hand but WebOb to say so. */
export const notFoundPage = (accept: string | null): Answer =>
  webob(accept, {
    status: 404,
    title: 'Not Found',
    explanation: 'The resource could not be found.',
  });
export const self = (href: string): Json[] => [{ rel: 'self', href }];

/** What WebOb calls whatever it was told no type of. */
export const HTML = 'text/html; charset=UTF-8';
