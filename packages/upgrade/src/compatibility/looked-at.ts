import { counted, finding, type Finding } from '@groundcrew/ground';
import type { Hop } from '../path/plan-path.ts';
import { title } from '../series.ts';
import type { KnownBreak } from './known-break.ts';

/** How far it was looked for breaks of one kind. */
export interface LookedAt {
  /** `routes and API versions` */
  readonly kind: string;
  /** The breaks of this hop that show themselves so. */
  readonly known: readonly KnownBreak[];
  /** Those that were met; `undefined` if it was not looked. */
  readonly met: ReadonlySet<KnownBreak> | undefined;
  /** In what: `14 requests, 2 of them of services of which nothing is known here`. */
  readonly what: string;
  /** What to give, so that it is looked. */
  readonly remedy: string;
}

/**
 * Says what was looked at, and never that all is well: the table is a list of known breaks, and what is not in it may break as well.
 */
export function lookedAt(
  { from, to }: Pick<Hop, 'from' | 'to'>,
  { kind, known, met, what, remedy }: LookedAt,
): Finding {
  const of = `Of ${counted(known.length, 'known break')} of ${kind}`;
  return finding({
    id: 'upgrade.compatibility-known',
    verdict: 'unknown',
    severity: met === undefined && known.length > 0 ? 'medium' : 'info',
    title:
      known.length === 0
        ? `No break of ${kind} is known here in this hop, which is not to say that there is none`
        : met === undefined
          ? `${of} none was looked for: no ${what} were given`
          : `${of} ${met.size === 0 ? 'none was' : counted(met.size, 'was', 'were')} met for sure in ${what}; others than the known ones were not looked for`,
    subject: { kind: 'hop', id: `${from.name} to ${to.name}`, name: `${title(from)} to ${title(to)}` },
    because: [
      {
        statement:
          known.length === 0
            ? `no break of ${kind} is known here between these series`
            : `known are ${known.map(({ id }) => id).join(', ')}`,
        source: '@groundcrew/upgrade/compatibility',
      },
    ],
    remedy:
      met !== undefined || known.length === 0
        ? 'Read the release notes of the services, and rehearse the hop with the clients.'
        : remedy,
  });
}
