import {
  aDuration,
  aFunction,
  anObjectWith,
  aPositiveDuration,
  aSignal,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';
import { z } from 'zod';
import type { PrometheusSeries } from '../prometheus/answer.ts';
import type { Prometheus } from '../prometheus/prometheus.ts';
import { aSelector } from '../prometheus/selector.ts';
import { type EvidenceState, type UptimeEvidence, type UptimeSubject, WIDEST } from './evidence.ts';
import { EvidenceKeeper } from './keeper.ts';
import { aTime, type UptimeTime, windowOf } from './period.ts';
import { BETWEEN_LOOKS } from './power-look.ts';
import {
  type PrometheusLabels,
  type Sampled,
  samplesOf,
  SideSeries,
  withTimes,
} from './prometheus-samples.ts';

/** The series that say whether the host of a server reports. */
export interface ReportingSeries {
  /** Its samples are 1 where the host reports: `openstack_nova_agent_state{service="nova-compute"}`. */
  readonly selector: string;
  /** The host that such a series is of. */
  readonly host: (labels: PrometheusLabels) => string | undefined;
  /** The host that a server is on, by the labels of its own series. */
  readonly hostOf: (labels: PrometheusLabels) => string | undefined;
}

/** What the samples of some series say of the state of things. */
export interface UptimeSeries {
  /**
   * The series: `probe_success{job="api"}`. A plain selector, since only of that Prometheus tells when each sample was taken; what
   * has to be computed is recorded by a rule first.
   */
  readonly selector: string;
  /** What a series is of, by its labels; `undefined`: it is passed over. */
  readonly subject: (labels: PrometheusLabels) => UptimeSubject | undefined;
  /** What a sample says; `undefined`: nothing. */
  readonly state: (value: number, labels: PrometheusLabels) => EvidenceState | undefined;
  /** The project of a server. @default it is not known */
  readonly project?: ((labels: PrometheusLabels) => string | undefined) | undefined;
  /**
   * Series without which nobody is up: Nova calls the servers of a dead host `ACTIVE`. Where the host does not report, `up` is
   * `unknown`; where nothing is known of it, the sample says nothing. @default `up` is believed
   */
  readonly reporting?: ReportingSeries | undefined;
  /**
   * How old what a scrape gives may be: an exporter's cache. Or the series, of the same job and instance, that says so in seconds;
   * where it says nothing, the sample says nothing. @default 0
   */
  readonly age?: Duration | { readonly selector: string } | undefined;
}

export interface PrometheusEvidenceOptions extends UptimeSeries {
  readonly prometheus: Pick<Prometheus, 'name' | 'queryRange'>;
  readonly from: UptimeTime;
  readonly to: UptimeTime;
  /** The time between two looks; the interval of the scrapes, or less: what lies between two looks is not seen. */
  readonly step: Duration;
  /** The longest that a scrape takes (`scrape_timeout`): what a sample says was seen that long after its time. @default '10s' */
  readonly scrape?: Duration | undefined;
  /**
   * The longest time between two looks of Nova at the power state, as in `watchUptime`: a server that is up was so at some moment of
   * this time. @default '12.5m'
   */
  readonly powerSync?: Duration | undefined;
  /** How long one piece of evidence stands for a state that stays. @default '15m' */
  readonly keep?: Duration | undefined;
  /** Tells this Prometheus from others that scrape the same. @default 'prometheus' */
  readonly source?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const evidenceOptions = optionsSchema<PrometheusEvidenceOptions>({
  prometheus: anObjectWith<Prometheus>('a reader, as prometheus makes it', 'queryRange'),
  selector: aSelector,
  subject: aFunction,
  state: aFunction,
  project: aFunction.optional(),
  reporting: z.strictObject({ selector: aSelector, host: aFunction, hostOf: aFunction }).optional(),
  age: z.union([aDuration, z.strictObject({ selector: aSelector })]).optional(),
  from: aTime,
  to: aTime,
  step: aPositiveDuration,
  scrape: aDuration.optional(),
  powerSync: aDuration.optional(),
  keep: aDuration.optional(),
  source: z.string().min(1).optional(),
  signal: aSignal.optional(),
});

/** The longest pause between two samples over which a state is said to have stayed; milliseconds. */
const LONGEST = 300_000;

/**
 * Reads a time of Prometheus' history as evidence for `ledger.append`. A sample says what was so when it was scraped, and not when
 * it is asked for: Prometheus shows it for five more minutes. Where there is no sample nothing is said, also not that something is down
 * or gone; an answer with warnings is `partial`, and what it lacks is unknown. An import may be repeated and overlap others: a
 * sample has the same `id` each time, and what the ledger has stays as it is.
 *
 * The whole answer is held in memory, a sample of each subject for each step: of a large cloud a day at a time.
 *
 * @throws InputError on an option that there is not, and for what is more than a selector
 * @example
 * // Servers, of openstack-exporter's series or of ours: `groundcrewServers`.
 * const day = { from: '2026-11-22T00:00:00Z', to: '2026-11-23T00:00:00Z', step: '1m' } as const;
 * const history = await prometheusEvidence({ prometheus: prom, ...openstackExporterServers, ...day });
 * await ledger.append(history.value);
 * @example
 * // API endpoints, by the blackbox exporter. `up` says of an exporter whether it was scraped, in the same way.
 * const probes = await prometheusEvidence({
 *   prometheus: prom,
 *   selector: 'probe_success{job="api"}',
 *   subject: ({ instance }) => (instance === undefined ? undefined : { endpoint: instance }),
 *   state: (value) => (value === 1 ? 'up' : 'down'),
 *   ...day,
 * });
 */
export async function prometheusEvidence(
  options: PrometheusEvidenceOptions,
): Promise<Observed<readonly UptimeEvidence[]>> {
  parseArguments('prometheusEvidence', evidenceOptions, options);
  const { prometheus, selector, reporting, age, step, signal } = options;
  const range = { ...windowOf(options, 'prometheusEvidence'), step, signal };
  const ask = (asked: string | undefined) =>
    asked === undefined ? undefined : prometheus.queryRange(asked, range);
  const [samples, hosts, ages] = await Promise.all([
    prometheus.queryRange(withTimes(selector), range),
    ask(reporting?.selector),
    ask(typeof age === 'object' ? age.selector : undefined),
  ]);
  const speaker = new Speaker(options, {
    hosts: hosts && reporting && new SideSeries(hosts, reporting.host),
    ages: ages && new SideSeries(ages, targetOf),
  });
  const longest = Math.min(3 * milliseconds(step), LONGEST);
  const keeper = new EvidenceKeeper({ keep: milliseconds(options.keep ?? '15m'), longest });
  const value = samplesOf(samples.value).flatMap((sample) => {
    const said = speaker.say(sample);
    return said === undefined ? [] : keeper.take(said);
  });
  return observed([samples, ...[hosts, ages].flatMap((each) => each ?? [])], [...value, ...keeper.rest()]);
}

/** Makes evidence of single samples. */
class Speaker {
  readonly #options: PrometheusEvidenceOptions;
  readonly #beside: { readonly hosts: SideSeries | undefined; readonly ages: SideSeries | undefined };
  readonly #scrape: number;
  readonly #powerSync: number;

  constructor(
    options: PrometheusEvidenceOptions,
    beside: { readonly hosts: SideSeries | undefined; readonly ages: SideSeries | undefined },
  ) {
    this.#options = options;
    this.#beside = beside;
    this.#scrape = milliseconds(options.scrape ?? '10s');
    this.#powerSync = milliseconds(options.powerSync ?? BETWEEN_LOOKS);
  }

  /** `undefined`: it says nothing. */
  say(sample: Sampled): UptimeEvidence | undefined {
    const { labels, at } = sample;
    const { selector, source = 'prometheus' } = this.#options;
    const subject = this.#options.subject(labels);
    if (subject === undefined) return undefined;
    const state = this.#stateOf(sample);
    const age = this.#ageOf(sample);
    if (state === undefined || age === undefined) return undefined;
    const lag = 'server' in subject && state === 'up' ? this.#powerSync : 0;
    const [earliest, latest] = [Math.floor(at - age - lag), Math.ceil(at + this.#scrape)];
    if (latest - earliest > WIDEST) return undefined;
    return {
      id: `${source}:${JSON.stringify(subject)}:${at}:${state}`,
      subject,
      state,
      earliest,
      latest,
      source,
      text: `${labels['__name__'] ?? selector} in Prometheus at ${new Date(at).toISOString()}`.slice(0, 500),
      project: this.#options.project?.(labels),
    };
  }

  #stateOf({ value, labels, shownAt }: Sampled): EvidenceState | undefined {
    const state = Number.isFinite(value) ? this.#options.state(value, labels) : undefined;
    const { reporting } = this.#options;
    if (state !== 'up' || reporting === undefined) return state;
    const reports = this.#beside.hosts?.at(reporting.hostOf(labels), shownAt);
    if (reports === undefined) return undefined;
    return reports === 1 ? 'up' : 'unknown';
  }

  /** Milliseconds. */
  #ageOf({ labels, shownAt }: Sampled): number | undefined {
    const { age = 0 } = this.#options;
    if (typeof age !== 'object') return milliseconds(age);
    const seconds = this.#beside.ages?.at(targetOf(labels), shownAt);
    return seconds === undefined || !(seconds >= 0) ? undefined : seconds * 1000;
  }
}

/** Labels that Prometheus gives to all series of one target. */
const targetOf = ({ job = '', instance = '' }: PrometheusLabels): string => JSON.stringify([job, instance]);

function observed(
  answers: readonly [Observed<readonly PrometheusSeries[]>, ...Observed<readonly PrometheusSeries[]>[]],
  value: readonly UptimeEvidence[],
): Observed<readonly UptimeEvidence[]> {
  const [{ at, source }] = answers;
  const gaps = answers.flatMap((answer) => answer.gaps);
  const missing = answers.find(({ completeness }) => completeness !== 'complete');
  if (missing === undefined) return { value, at, source, completeness: 'complete', gaps };
  const isNothing = value.length === 0 && missing.completeness !== 'partial';
  return { value, at, source, completeness: isNothing ? missing.completeness : 'partial', gaps };
}
