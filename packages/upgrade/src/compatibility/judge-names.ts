import { finding, type Finding } from '@groundcrew/ground';
import { seriesTitle, sourceOf } from './cite.ts';
import type { BreakSigns, KnownBreak } from './known-break.ts';

/** A list of names that a cloud's APIs tell, and which sign they are held against. */
export interface NamesSeen {
  readonly sign: keyof Pick<BreakSigns, 'extensions' | 'hypervisorTypes' | 'agentTypes'>;
  /** `extension`, as the subject of findings. */
  readonly kind: string;
  readonly id: string;
  readonly source: string;
  readonly names: readonly string[];
}

/** Holds extensions, hypervisors and agents against what is known to break. */
export function judgeNames(
  breaks: readonly KnownBreak[],
  { sign, kind, id, source, names }: NamesSeen,
): { readonly findings: readonly Finding[]; readonly met: ReadonlySet<KnownBreak> } {
  const there = new Set(names.map((name) => name.toLowerCase()));
  const met = new Set<KnownBreak>();
  const findings = breaks.flatMap((broken) =>
    (broken.signs[sign] ?? [])
      .filter((name) => there.has(name.toLowerCase()))
      .map((name) => {
        met.add(broken);
        return finding({
          id,
          verdict: 'fail',
          severity: broken.severity,
          title: `${kind} ${name}: what it stands for ${broken.outcome} from ${seriesTitle(broken)} on (${broken.id})`,
          subject: { kind, id: name },
          because: [{ statement: `the cloud has ${kind} ${name}`, source }, sourceOf(broken)],
          remedy: broken.remedy,
        });
      }),
  );
  return { findings, met };
}
