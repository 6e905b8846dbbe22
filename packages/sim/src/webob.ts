import type { Answer } from './answer.ts';

/** The two forms besides text that WebOb has of a fault, in the order in which it offers them. */
const OFFERS = ['text/html', 'application/json'] as const;

/** WebOb's message where a service gives no other. */
export const UNSPECIFIC =
  'The server could not comply with the request since it is either malformed or otherwise incorrect.';

export interface Page {
  readonly status: number;
  readonly title: string;
  readonly explanation: string;
  readonly detail?: string;
  /** A template of its own: there the explanation is a sentence with the request's facts in it (405, 415). */
  readonly own?: true;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A fault for which a service has no format of its own, as WebOb writes it by `Accept` (`WSGIHTTPException` of
 * `webob/exc.py`): HTML, an object with `message`, `code` and `title`, and text for who accepts neither. Who sends no
 * `Accept` accepts nothing here; curl's and a browser's star is HTML.
 */
export function webob(accept: string | null, page: Page): Answer {
  const { status, title, explanation, detail = '', own, headers } = page;
  const line = `${status} ${title}`;
  const form = best(accept ?? '');
  const body = (escape: (text: string) => string): string =>
    own === true
      ? `${escape(explanation)} <br /><br />\n${escape(detail)}`
      : `${escape(explanation)}<br /><br />\n${escape(detail)}\n\n`;
  const as = (type: string, raw: string): Answer => ({
    status,
    raw,
    headers: { 'Content-Type': type, ...headers },
  });
  if (form === 'text/html') {
    const html = `<html>\n <head>\n  <title>${line}</title>\n </head>\n <body>\n  <h1>${line}</h1>\n  ${body(escapeHtml)}\n </body>\n</html>`;
    return as('text/html; charset=UTF-8', html);
  }
  if (form === 'application/json')
    return as('application/json', JSON.stringify({ message: body(same), code: line, title }));
  return as('text/plain; charset=UTF-8', `${line}\n\n${stripped(body(same))}`);
}

const same = (text: string): string => text;

const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;');

/** `strip_tags`: lines run on, and a break makes one. */
const stripped = (html: string): string => html.replaceAll('\n', ' ').replaceAll(/<br *\/?>/g, '\n');

/** The one of the two types that is preferred; of equals, the first. */
function best(accept: string): (typeof OFFERS)[number] | undefined {
  const weighed = OFFERS.map((type) => ({ type, q: quality(accept, type) })).filter(({ q }) => q > 0);
  return weighed.toSorted((a, b) => b.q - a.q)[0]?.type;
}

/** The quality that `Accept` gives a type by the closest matching range (RFC 9110, 12.5.1); 0 if none matches. */
export function quality(accept: string, type: string): number {
  let found = { closeness: 0, q: 0 };
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const closeness = range === type ? 3 : range === `${type.split('/')[0]}/*` ? 2 : range === '*/*' ? 1 : 0;
    if (closeness <= found.closeness) continue;
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    found = { closeness, q: q === undefined ? 1 : Number(q) || 0 };
  }
  return found.q;
}
