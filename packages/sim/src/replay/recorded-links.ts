import type { RecordedExchange } from '@groundcrew/core/conversation';
import type { SimulatedService } from '../service.ts';
import { services } from '../services/all.ts';
import { isRecord } from '../wire.ts';
import { DOCUMENT_END } from './version-documents.ts';

/** Leads the absolute links of recorded answers to the simulated endpoints: those of next pages, and of version documents. */
export class RecordedLinks {
  /** The roots of the recorded services, the longest first, with the prefix of the simulated one. */
  readonly #roots: readonly (readonly [root: string, prefix: string])[];

  constructor(exchanges: readonly RecordedExchange[]) {
    const roots = new Map<string, string>();
    for (const exchange of exchanges) {
      const service = serviceNamed(exchange.service);
      const at = exchange.endpoint ?? (exchange.operation === 'versions' ? exchange.url : undefined);
      if (service !== undefined && at !== undefined) roots.set(rootOf(at), service.prefix);
    }
    this.#roots = [...roots].toSorted(([one], [other]) => other.length - one.length);
  }

  /** A copy of an answer whose links lead to the cloud at this origin. */
  lead(value: unknown, origin: string): unknown {
    return this.#led(value, origin, 0);
  }

  leadText(text: string, origin: string): string {
    if (!/^https?:\/\//.test(text)) return text;
    const found = this.#roots.find(
      ([root]) =>
        text.startsWith(root) && (text.length === root.length || '/?#'.includes(text.charAt(root.length))),
    );
    return found === undefined ? text : origin + found[1] + text.slice(found[0].length);
  }

  #led(value: unknown, origin: string, depth: number): unknown {
    if (typeof value === 'string') return this.leadText(value, origin);
    if (depth > DEEPEST) return value;
    if (Array.isArray(value)) return value.map((item) => this.#led(item, origin, depth + 1));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, this.#led(field, origin, depth + 1)]),
    );
  }
}

const serviceNamed = (name: string | undefined): SimulatedService | undefined =>
  services.find(({ spec }) => spec.name === name);

/** Without the version and the project at its end. */
const rootOf = (url: string): string => url.replace(DOCUMENT_END, '').replace(/\/$/, '');

/** No answer has links below that. */
const DEEPEST = 100;
