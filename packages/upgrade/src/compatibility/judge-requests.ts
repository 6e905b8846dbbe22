import { counted, finding, type Finding } from '@groundcrew/ground';
import type { Hop } from '../path/plan-path.ts';
import { BrokenRoutes, type RouteHit } from './broken-routes.ts';
import { seriesTitle, sourceOf } from './cite.ts';
import type { KnownBreak } from './known-break.ts';
import { MicroversionsAsked } from './microversions-asked.ts';
import { requestPath, templateText } from './request-path.ts';
import { microversionOf, type SeenRequest } from './request-shapes.ts';
import { serviceType } from './service-type.ts';
import { word } from './word.ts';

/** What was found in requests, and how much was looked at. */
interface RequestsJudged {
  readonly findings: readonly Finding[];
  readonly requests: number;
  /** Of services of which nothing is known here. */
  readonly strange: number;
  /** The breaks that were met for sure. */
  readonly met: ReadonlySet<KnownBreak>;
}

/** Holds requests against what is known to break. Its time grows with their number, and what it keeps with that of the breaks. */
export function judgeRequests(
  hop: Pick<Hop, 'from' | 'to'>,
  breaks: readonly KnownBreak[],
  requests: readonly SeenRequest[],
): RequestsJudged {
  const routes = new BrokenRoutes(breaks);
  const microversions = new MicroversionsAsked(hop);
  const met = new Map<string, Met>();
  let [all, strange] = [0, 0];
  for (const { service: name, method: verb, path, userAgent, times = 1, ...header } of requests) {
    all += times;
    const service = serviceType(name);
    if (service === undefined) {
      strange += times;
      continue;
    }
    const [parts, method] = [requestPath(path), word(verb).toUpperCase()];
    const microversion = microversionOf(header);
    microversions.add(service, microversion, times);
    for (const hit of routes.hitBy(service, method, parts, microversion)) {
      const key = `${hit.broken.id} ${hit.what} ${hit.onlyIf ?? ''}`;
      const one = met.get(key) ?? new Met(hit);
      met.set(key, one);
      const by = userAgent === undefined ? '' : ` of ${word(userAgent)}`;
      one.add(`${method} ${templateText(parts)}${by}`, times);
    }
  }
  return {
    findings: [...Array.from(met.values(), (one) => one.finding()), ...microversions.findings()],
    requests: all,
    strange,
    met: new Set(
      Array.from(met.values(), ({ hit }) => (hit.onlyIf === undefined ? [hit.broken] : [])).flat(),
    ),
  };
}

/** A log may have a thousand clients; a finding is for a person. */
const MOST_SHOWN = 20;
/** So that the busiest can be told, and memory is bounded. */
const MOST_COUNTED = 1_000;

/** The requests that meet one break. */
class Met {
  readonly hit: RouteHit;
  readonly #counted = new Map<string, number>();
  #all = 0;

  constructor(hit: RouteHit) {
    this.hit = hit;
  }

  add(request: string, times: number): void {
    this.#all += times;
    const known = this.#counted.get(request);
    if (known !== undefined || this.#counted.size < MOST_COUNTED)
      this.#counted.set(request, (known ?? 0) + times);
  }

  finding(): Finding {
    const { broken, what, onlyIf } = this.hit;
    const shown = Array.from(this.#counted)
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, MOST_SHOWN);
    const rest = this.#all - shown.reduce((sum, [, times]) => sum + times, 0);
    return finding({
      id: 'upgrade.compatibility-request',
      verdict: onlyIf === undefined ? 'fail' : 'unknown',
      severity: broken.severity,
      title: `${what} of ${broken.service} ${broken.outcome} from ${seriesTitle(broken)} on${
        onlyIf === undefined ? '' : `, if ${onlyIf}`
      }: ${counted(this.#all, 'request')}`,
      subject: { kind: 'API', id: `${broken.service} ${what}` },
      because: [
        ...shown.map(([request, times]) => ({
          statement: `${counted(times, 'time')} ${request}`,
          source: 'requests',
        })),
        ...(rest > 0
          ? [{ statement: `${counted(rest, 'request')} of other shapes`, source: 'requests' }]
          : []),
        sourceOf(broken),
      ],
      remedy: broken.remedy,
    });
  }
}
