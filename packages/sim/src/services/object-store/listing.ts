import type { Answer } from '../../answer.ts';
import type { Call } from '../../call.ts';
import { quality } from '../../webob.ts';
import { flag, type Json } from '../../wire.ts';
import { compareNames } from './names.ts';
import { because, refusal } from './swob.ts';

/** `container_listing_limit` and `account_listing_limit` */
const MOST = 10_000;

/** An entry of a list: a name, or what several names have before the delimiter. */
type Entry = { readonly name: string } | { readonly subdir: string };

/**
 * The entries that a request asks for, of names in their order (`list_objects_iter` of `swift/container/backend.py`).
 */
export function entriesOf(call: Call, names: readonly string[]): Entry[] {
  const { query } = call;
  const text = (name: string): string => query.get(name) ?? '';
  const limit = limitOf(call);
  const [prefix, delimiter] = [text('prefix'), text('delimiter')];
  const isReversed = flag(query.get('reverse') ?? undefined) === true;
  const [after, before] = isReversed
    ? [text('end_marker'), text('marker')]
    : [text('marker'), text('end_marker')];
  const asked = names.filter(
    (name) =>
      name.startsWith(prefix) &&
      (after === '' || compareNames(name, after) > 0) &&
      (before === '' || compareNames(name, before) < 0),
  );
  const entries: Entry[] = [];
  let last: string | undefined;
  for (const name of isReversed ? asked.toReversed() : asked) {
    if (entries.length >= limit) break;
    const end = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
    if (end === -1) {
      entries.push({ name });
      continue;
    }
    const subdir = name.slice(0, end + delimiter.length);
    // A page behind it does not begin with it again.
    if (subdir !== last && subdir !== after) entries.push({ subdir });
    last = subdir;
  }
  return entries;
}

function limitOf(call: Call): number {
  const given = call.query.get('limit') ?? '';
  if (!/^\d+$/.test(given)) return MOST;
  if (Number(given) > MOST) throw because(412, `Maximum limit is ${MOST}`, 'text/html; charset=UTF-8');
  return Number(given);
}

/** A list in the format that is asked for (`swift/common/middleware/listing_formats.py`): JSON, or the names as text. */
export function listAnswer(
  call: Call,
  entries: readonly Entry[],
  view: (name: string) => Json,
  headers: Readonly<Record<string, string>>,
): Answer {
  const type = { 'Content-Type': `${formatOf(call)}; charset=utf-8` };
  if (formatOf(call) === 'application/json') {
    const body = entries.map((entry) => ('name' in entry ? view(entry.name) : entry));
    return { status: 200, raw: JSON.stringify(body), headers: { ...headers, ...type } };
  }
  const lines = entries.map((entry) => ('name' in entry ? entry.name : entry.subdir));
  if (lines.length === 0) return { status: 204, headers: { ...headers, ...type } };
  return { status: 200, raw: `${lines.join('\n')}\n`, headers: { ...headers, ...type } };
}

/** The type of a list, and of the answer to HEAD. */
export function formatOf(call: Call): 'application/json' | 'text/plain' {
  const format = call.query.get('format')?.toLowerCase();
  if (format === 'xml') throw because(501, 'The simulated cloud does not list in XML.');
  if (format !== undefined && format !== '') return format === 'json' ? 'application/json' : 'text/plain';
  const accept = call.request.headers.get('Accept');
  if (accept === null) return 'text/plain';
  const [plain, json] = ['text/plain', 'application/json'].map((type) => quality(accept, type));
  if ((plain ?? 0) === 0 && (json ?? 0) === 0) throw refusal(406);
  return (json ?? 0) > (plain ?? 0) ? 'application/json' : 'text/plain';
}
