import type { MetricsRound } from '../metrics/round.ts';
import { type ExposedFamily, exposeFamilies, type Omission } from './exposed-families.ts';
import { exposition, type ExpositionFormat } from './exposition.ts';
import { OWN_NAMES } from './own-metrics.ts';

/** A round as it is shown. A round never changes, so its text is made once for each format. */
export class RoundExposition {
  readonly round: MetricsRound;
  readonly families: ReadonlyMap<string, ExposedFamily>;
  readonly omissions: readonly Omission[];
  readonly #texts = new Map<ExpositionFormat, Uint8Array<ArrayBuffer>>();

  /** @param cap - the most series of a metric */
  constructor(round: MetricsRound, cap: number) {
    this.round = round;
    const { families, omissions } = exposeFamilies(round.families, cap, OWN_NAMES);
    this.families = families;
    this.omissions = omissions;
  }

  text(format: ExpositionFormat): Uint8Array<ArrayBuffer> {
    const made = this.#texts.get(format) ?? exposition(this.families.values(), format);
    this.#texts.set(format, made);
    return made;
  }
}
