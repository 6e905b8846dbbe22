import { finding, type Finding, maskText, visible } from '@groundcrew/ground';
import { seriesTitle, sourceOf } from './cite.ts';
import type { ServiceConfiguration } from './evidence.ts';
import type { BrokenOption, KnownBreak } from './known-break.ts';
import type { ConfigurationOption } from './read-configuration.ts';
import { serviceType } from './service-type.ts';

/** What was found in files, and how much was looked at. */
interface OptionsJudged {
  readonly findings: readonly Finding[];
  readonly options: number;
  /** Of services of which nothing is known here. */
  readonly strange: number;
  readonly met: ReadonlySet<KnownBreak>;
}

/** Holds options against what is known to break. Of their values nothing is shown but what is in the table of breaks. */
export function judgeOptions(
  breaks: readonly KnownBreak[],
  files: readonly ServiceConfiguration[],
): OptionsJudged {
  const byName = new Map<string, { broken: KnownBreak; option: BrokenOption }[]>();
  for (const broken of breaks)
    for (const option of broken.signs.options ?? []) {
      const key = `${broken.service} ${option.name}`;
      byName.set(key, [...(byName.get(key) ?? []), { broken, option }]);
    }
  const findings: Finding[] = [];
  const met = new Set<KnownBreak>();
  let [all, strange] = [0, 0];
  for (const { service: name, file, options } of files) {
    const service = serviceType(name);
    all += options.length;
    if (service === undefined) strange += options.length;
    else
      for (const set of options)
        for (const { broken, option } of byName.get(`${service} ${set.name.replaceAll('-', '_')}`) ?? []) {
          const hit = hitBy(set, option);
          if (hit === undefined) continue;
          if (hit.verdict === 'fail') met.add(broken);
          findings.push(findingOf(file, set, broken, hit));
        }
  }
  return { findings, options: all, strange, met };
}

interface Hit {
  readonly verdict: 'fail' | 'unknown';
  /** What is set, in the words of the table. */
  readonly says: string;
}

function hitBy({ section, value }: ConfigurationOption, option: BrokenOption): Hit | undefined {
  if (option.section !== undefined && option.section.toLowerCase() !== section.toLowerCase())
    return undefined;
  if (option.values === undefined) return { verdict: 'fail', says: 'is set' };
  const elements = value?.split(/[,\n]/).map((element) => element.trim()) ?? [];
  const broken = option.values.find((one) =>
    one.endsWith('*')
      ? elements.some((element) => element.startsWith(one.slice(0, -1)))
      : elements.includes(one),
  );
  if (broken !== undefined) return { verdict: 'fail', says: `is set to ${broken.replace('*', '…')}` };
  // What another option or the environment puts in its place is not seen.
  if (value === undefined || value.includes('$'))
    return { verdict: 'unknown', says: `may be set to ${option.values[0] ?? ''}: its value is not told` };
  return undefined;
}

function findingOf(
  file: string,
  set: ConfigurationOption,
  broken: KnownBreak,
  { verdict, says }: Hit,
): Finding {
  const name = `[${shown(set.section)}] ${shown(set.name)}`;
  return finding({
    id: 'upgrade.compatibility-option',
    verdict,
    severity: broken.severity,
    title: `${name} of ${broken.service} ${says}, which ${broken.outcome} from ${seriesTitle(broken)} on`,
    subject: { kind: 'option', id: `${shown(file)} ${name}` },
    because: [
      {
        statement: `${name} ${says}`,
        source: `${shown(file)}${set.line === undefined ? '' : `:${set.line}`}`,
      },
      sourceOf(broken),
    ],
    remedy: broken.remedy,
  });
}

const shown = (text: string): string => maskText(visible(text)).slice(0, 300);
