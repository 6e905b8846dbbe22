import type { Answer } from '../answer.ts';
import { webob } from '../webob.ts';
import type { Json } from '../wire.ts';

/** An answer in JSON with the given status. */
export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  body,
  headers,
});
/** WebOb's answer to an unknown path. */
export const notFoundPage = (accept: string | null): Answer =>
  webob(accept, {
    status: 404,
    title: 'Not Found',
    explanation: 'The resource could not be found.',
  });
export const self = (href: string): Json[] => [{ rel: 'self', href }];

/** WebOb's default content type. */
export const HTML = 'text/html; charset=UTF-8';
