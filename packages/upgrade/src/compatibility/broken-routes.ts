import type { BrokenRoute, KnownBreak } from './known-break.ts';
import type { RequestPath } from './request-path.ts';

/** A break that a request meets, and the part of the API by which. */
export interface RouteHit {
  readonly broken: KnownBreak;
  /** `API v2`, `/os-cells` */
  readonly what: string;
  /** What of it is not seen; absent of a sure hit. */
  readonly onlyIf?: string | undefined;
}

interface IndexedRoute extends RouteHit {
  readonly route: BrokenRoute;
  readonly segments: readonly string[];
}

/** The breaks of a hop by service, and by the version or the first word of a path: a request is held against few of them. */
export class BrokenRoutes {
  readonly #byVersion = new Map<string, RouteHit[]>();
  readonly #byWord = new Map<string, IndexedRoute[]>();

  constructor(breaks: readonly KnownBreak[]) {
    for (const broken of breaks) {
      const { service, signs } = broken;
      if (signs.apiVersion !== undefined)
        add(this.#byVersion, `${service} ${signs.apiVersion}`, { broken, what: `API ${signs.apiVersion}` });
      for (const route of signs.routes ?? []) {
        const segments = route.path.split('/').slice(1);
        add(this.#byWord, `${service} ${segments[0] ?? ''}`, { broken, what: route.path, route, segments });
      }
    }
  }

  /** Whom a microversion spares is not hit: who asks for none gets the oldest, who names one gets that. */
  hitBy(
    service: string,
    method: string,
    { version, segments }: RequestPath,
    microversion: string | null | undefined,
  ): RouteHit[] {
    const major = version?.replace(/\..*$/, '') ?? '';
    const routes = this.#byWord.get(`${service} ${segments[0] ?? ''}`) ?? [];
    return [
      ...(this.#byVersion.get(`${service} ${major}`) ?? []).filter(
        ({ broken }) => !broken.signs.spares?.includes(segments[0] ?? ''),
      ),
      ...routes
        .filter(
          ({ route, segments: wanted, broken }) =>
            (route.methods?.includes(method) ?? true) &&
            fits(wanted, segments, route.below ?? true) &&
            (broken.signs.fromMicroversion === undefined ||
              microversion === 'latest' ||
              microversion === undefined),
        )
        .map(({ broken, what }) => ({ broken, what, onlyIf: unseenOf(broken.signs, microversion) })),
    ];
  }
}

function unseenOf(
  { onlyIf, fromMicroversion }: KnownBreak['signs'],
  microversion: string | null | undefined,
): string | undefined {
  const isTold = fromMicroversion === undefined || microversion !== undefined;
  return isTold
    ? onlyIf
    : ['`latest` is asked for, which is not told', onlyIf].filter(Boolean).join(', and ');
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

const fits = (wanted: readonly string[], asked: readonly string[], below: boolean): boolean =>
  (below ? asked.length >= wanted.length : asked.length === wanted.length) &&
  wanted.every((word, at) => word === '{id}' || word === asked[at]);
