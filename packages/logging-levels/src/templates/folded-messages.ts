import type { TemplateChange } from './change.ts';

/**
 * Messages that are told as a number. `options`: the options of a configuration, which services write at DEBUG when they start.
 * `start`: what they say at info or below of their own start. `variants`: what may be a message of before, with a name in it. `info`,
 * `debug`: whatever else is new there.
 */
export type FoldKind = 'options' | 'start' | 'variants' | 'info' | 'debug';

export interface FoldedMessages {
  readonly kind: FoldKind;
  /** Kinds of messages, and how often they were said together. */
  readonly templates: number;
  readonly times: number;
  /** The most frequent. */
  readonly examples: readonly TemplateChange[];
}

/** The kind of what appeared, if it is told as a number; `undefined`: a person wants to read it. */
export function foldKindOf({ level, template, variantOf }: TemplateChange): FoldKind | undefined {
  if (level === 'critical' || level === 'error' || level === 'warning')
    return variantOf === undefined ? undefined : 'variants';
  if (level !== 'info' && OPTION.test(template.text)) return 'options';
  if (START.test(template.text)) return 'start';
  if (variantOf !== undefined) return 'variants';
  return level === 'info' ? 'info' : 'debug';
}

/** Counts by kind, in a fixed order. */
export function foldedMessages(changes: readonly TemplateChange[]): FoldedMessages[] {
  const groups = Map.groupBy(changes, (change) => foldKindOf(change));
  return KINDS.flatMap((kind) => {
    const group = groups.get(kind) ?? [];
    if (group.length === 0) return [];
    const examples = group.toSorted((a, b) => timesOf(b) - timesOf(a)).slice(0, MOST_EXAMPLES);
    const times = group.reduce((sum, change) => sum + timesOf(change), 0);
    return [{ kind, templates: group.length, times, examples }];
  });
}

const timesOf = ({ after }: TemplateChange): number => after?.times ?? 0;

const KINDS: readonly FoldKind[] = ['variants', 'info', 'start', 'debug', 'options'];
const MOST_EXAMPLES = 3;

/** `log_opt_values` of oslo_config/cfg.py: a line of stars, one of equals signs, where options come from, and `name = value`. */
const OPTION =
  /^(?:[\w.-]+|<\*>) = |^\*{20}|^={20}|^Configuration options gathered from:|^command line args:|^config files:|^Full set of CONF:/;

/** How services tell of their start: of Nova's, Neutron's and Cinder's services, oslo.service, stevedore and ML2. */
const START =
  /^(?:Load(?:ed|ing)|Start(?:ed|ing)|Initializ(?:ed|ing)|Register(?:ed|ing)|Configured|Enabled|Listening|Service is starting|Backend)\b|\blistening on\b|\b(?:is|was|are) initialized$/i;
