import type { Collector, MetricSource } from './collector.ts';
import { isDetails } from './metric-list.ts';

/** A list that a collector needs. */
export interface InvolvedList {
  readonly list: MetricSource;
  /** Its elements are needed together, or after its end. */
  readonly isKept: boolean;
  /** It is read for administrators only. */
  readonly isForAdmins: boolean;
}

/** All lists that a collector needs, each once: its own, those asked about, those kept beside, and those that tell a doubt. */
export function involvedIn({
  lists,
  with: beside,
}: Pick<Collector, 'lists' | 'with'>): readonly InvolvedList[] {
  const found = new Map<MetricSource, InvolvedList>();
  const add = (list: MetricSource, isKept: boolean, isForAdmins: boolean): void => {
    const known = found.get(list);
    found.set(list, {
      list,
      isKept: isKept || known?.isKept === true,
      isForAdmins: isForAdmins && known?.isForAdmins !== false,
    });
    if (isDetails(list)) add(list.of, true, isForAdmins);
    else if (list.doubt !== undefined) add(list.doubt.list, true, true);
  };
  for (const list of Object.values(beside)) add(list, true, false);
  for (const list of lists) add(list, false, false);
  return [...found.values()];
}
