import { counted, finding, type Finding } from '@groundcrew/ground';
import type { Hop } from '../path/plan-path.ts';
import { title } from '../series.ts';
import type { BreakableService } from './known-break.ts';

/**
 * The oldest microversion of each service that has them: in all series from Queens to 2026.2 the same (`_MIN_API_VERSION` of
 * nova/api/openstack/api_version_request.py 17.0.0 to 33.0.0, of Cinder's 12.0.0 to 28.0.0 and Manila's 6.0.0 to 22.0.0; the first of `VERSIONS`
 * in placement/microversion.py 1.0.0 and 15.0.0).
 */
const OLDEST: Readonly<Partial<Record<BreakableService, string>>> = {
  'block-storage': '3.0',
  compute: '2.1',
  placement: '1.0',
  'shared-file-system': '2.0',
};

/** What clients ask for, by service and microversion. There are few of both: what is no microversion is not kept. */
export class MicroversionsAsked {
  readonly #hop: Pick<Hop, 'from' | 'to'>;
  readonly #asked = new Map<BreakableService, Map<string, number>>();

  constructor(hop: Pick<Hop, 'from' | 'to'>) {
    this.#hop = hop;
  }

  add(service: BreakableService, microversion: string | null | undefined, times: number): void {
    if (typeof microversion !== 'string' || OLDEST[service] === undefined || !ASKED.test(microversion))
      return;
    const asked = this.#asked.get(service) ?? new Map<string, number>();
    this.#asked.set(service, asked);
    asked.set(microversion, (asked.get(microversion) ?? 0) + times);
  }

  findings(): Finding[] {
    return Array.from(this.#asked, ([service, asked]) =>
      Array.from(asked, ([microversion, times]) => this.#finding(service, microversion, times)),
    )
      .flat()
      .filter((one) => one !== undefined);
  }

  #finding(service: BreakableService, asked: string, times: number): Finding | undefined {
    const { from, to } = this.#hop;
    const [oldest, before, after] = [OLDEST[service], maximum(from, service), maximum(to, service)];
    if (oldest === undefined || before === undefined || after === undefined) return undefined;
    const told = tell(asked, { oldest, before, after });
    if (told === undefined) return undefined;
    return finding({
      id: 'upgrade.compatibility-microversion',
      verdict: 'unknown',
      severity: 'low',
      title: `${counted(times, `request of ${service} asks`, `requests of ${service} ask`)} for microversion ${asked}: ${told.what}`,
      subject: { kind: 'microversion', id: `${service} ${asked}` },
      because: [
        { statement: `${counted(times, 'request')} asked for ${asked}`, source: 'requests' },
        {
          statement: `${title(from)} has ${oldest} to ${before}, ${title(to)} has ${oldest} to ${after}`,
          source: '@groundcrew/ground/series',
        },
      ],
      remedy: told.remedy,
    });
  }
}

/** Three digits suffice for long, and bound what a log full of nonsense can fill. */
const ASKED = /^(?:latest|\d{1,2}\.\d{1,3})$/;

const maximum = ({ api }: Hop['from'], service: BreakableService): string | undefined =>
  service === 'compute' ||
  service === 'block-storage' ||
  service === 'placement' ||
  service === 'shared-file-system'
    ? api[service]?.at(-1)
    : undefined;

interface Span {
  readonly oldest: string;
  readonly before: string;
  readonly after: string;
}

function tell(asked: string, { oldest, before, after }: Span): { what: string; remedy: string } | undefined {
  if (asked === 'latest')
    return before === after
      ? undefined
      : {
          what: `it was ${before} and becomes ${after}, which may answer otherwise`,
          remedy: `Let the clients ask for ${before}.`,
        };
  if (newer(oldest, asked))
    return {
      what: 'neither the old series nor the new one has it',
      remedy: `Let the clients ask for ${oldest}.`,
    };
  if (newer(asked, after))
    return {
      what: 'it is above what either series has',
      remedy: `Let the clients ask for ${before} at most.`,
    };
  if (newer(asked, before))
    return {
      what: 'the old series refuses it, and the new one answers it for the first time',
      remedy: 'Look whether the clients fall back today, and try them with the new answers.',
    };
  return undefined;
}

/** By numbers: 2.100 is newer than 2.99. */
const newer = (one: string, other: string): boolean => {
  const [a = [], b = []] = [one, other].map((text) => text.split('.').map(Number));
  return (a[0] ?? 0) - (b[0] ?? 0) > 0 || (a[0] === b[0] && (a[1] ?? 0) > (b[1] ?? 0));
};
