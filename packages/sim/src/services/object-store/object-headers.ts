import type { Call } from '../../call.ts';
import { because } from './swob.ts';

/** The headers besides the metadata that an object keeps; those that are not given are gone. */
export function headersGiven({ request: { headers } }: Call): Record<string, string> {
  const kept = ['Content-Encoding', 'Content-Disposition', 'X-Object-Manifest', 'X-Static-Large-Object'];
  return Object.fromEntries(
    kept.flatMap((name): [string, string][] => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** When an object is over, in milliseconds since 1970 (`check_delete_headers` of `swift/common/constraints.py`). */
export function deleteAtOf(call: Call): number | undefined {
  const { headers } = call.request;
  const [after, at] = [headers.get('X-Delete-After'), headers.get('X-Delete-At')];
  if (after !== null) return momentOf(call, 'X-Delete-After', Number(after) * 1000 + call.now, after);
  return at === null ? undefined : momentOf(call, 'X-Delete-At', Number(at) * 1000, at);
}

function momentOf(call: Call, name: string, moment: number, given: string): number {
  if (!/^-?\d+$/.test(given)) throw because(400, `Non-integer ${name}`);
  if (moment <= call.now) throw because(400, `${name} in past`);
  return moment;
}
