import {
  type LogRuleSource,
  ofSpecification,
  ofTalk,
  SECURITY,
  SPECIFICATION,
  TALK,
  UPSTREAM,
} from './rule-sources.ts';

/** Whether the log itself proves an offence, or only its words speak for it. */
export type Certainty = 'sure' | 'likely';

export type RuleId =
  | 'api-deprecation-above-debug'
  | 'critical-and-goes-on'
  | 'developers-hint-above-debug'
  | 'expected-condition-is-error'
  | 'normal-at-warning'
  | 'progress-at-info'
  | 'repeated-notice'
  | 'said-at-two-levels'
  | 'secret-in-log'
  | 'traceback-below-error';

export interface Rule {
  readonly id: RuleId;
  readonly title: string;
  /** The conclusion from the level's meaning. */
  readonly because: string;
  readonly remedy: string;
  /** The first of `sources`. */
  readonly source: LogRuleSource;
  /** All that it follows from, what says it plainest first. */
  readonly sources: readonly LogRuleSource[];
  /** What makes an offence sure, and what to do about one that is only likely. */
  readonly toBeSure: string;
  /** What is judged: every message by its text, or those of the catalogue, since the text alone does not tell. */
  readonly judges: 'text' | 'catalogue';
}

const from = (
  source: LogRuleSource,
  ...others: readonly LogRuleSource[]
): Pick<Rule, 'source' | 'sources'> => ({ source, sources: [source, ...others] });

/**
 * The rules, as data. What the talk says of a level is among a rule's sources only where the rule follows from it: it says nothing of
 * tracebacks below error, of the tense of info, and of how often a deprecation is told.
 */
export const rules: Readonly<Record<RuleId, Rule>> = {
  'expected-condition-is-error': {
    id: 'expected-condition-is-error',
    title: 'An expected condition is logged as an error',
    because:
      'An error asks an administrator to repair something now. A client that asked for the wrong thing is not that.',
    remedy: 'Read it as a warning or less, and keep it out of error alerts; report it to the project.',
    ...from(
      ofTalk('An expected error, which may be an issue, is a warning; an error is for somebody to handle.'),
      ofSpecification('At error whoever is on call is told at once, and has to respond.'),
    ),
    toBeSure: 'Log the requests with their status beside it, or find the message in the catalogue.',
    judges: 'text',
  },
  'traceback-below-error': {
    id: 'traceback-below-error',
    title: 'A traceback below error',
    because: 'A traceback is a defect, or a failure that somebody must see; below error nobody looks.',
    remedy: 'Read it as an error, and look at the traceback.',
    ...from(ofSpecification('A stack trace is logged at error, and is a bug of high priority.')),
    toBeSure: 'See in the source whether the message was logged with its exception, or quotes a traceback.',
    judges: 'text',
  },
  'repeated-notice': {
    id: 'repeated-notice',
    title: 'A notice that is repeated instead of said once',
    because:
      'A deprecation or a hint to developers is said once per start of a process, or it hides what is new.',
    remedy: 'Filter it where logs are collected; act on it once.',
    ...from(ofSpecification('A deprecation for operators is logged once per start of a service.')),
    toBeSure:
      'See whether the process was started anew between: in a container it has the same number again.',
    judges: 'text',
  },
  'progress-at-info': {
    id: 'progress-at-info',
    title: 'Something about to happen, at info',
    because: 'Info tells of work that was done, in the past tense; what is about to happen is for debug.',
    remedy: 'Read it as debug.',
    ...from(ofSpecification('From info upwards a message is a unit of work, in the past tense.')),
    toBeSure: 'Find it in the catalogue; the start of a service may be said at info.',
    judges: 'text',
  },
  'secret-in-log': {
    id: 'secret-in-log',
    title: 'A secret in the log',
    because: 'Whoever reads the log can use it.',
    remedy: 'Revoke the secret, then remove it from the log and its copies.',
    ...from(
      SECURITY,
      ofTalk('What is told of conversations with other services is sanitised, even at trace.'),
    ),
    toBeSure: 'Look at the line: it may be a word, or the id of a thing.',
    judges: 'text',
  },
  'critical-and-goes-on': {
    id: 'critical-and-goes-on',
    title: 'A process goes on after it said critical',
    because: 'Critical wakes everyone: the service is dying. What fails one request is an error.',
    remedy: 'Read it as an error.',
    ...from(
      ofSpecification('Critical is what has led, or probably will lead, to the death of a service.'),
      ofTalk('Critical is where things will break, and badly.'),
    ),
    toBeSure: 'See whether the service was of use after it, or find the message in the catalogue.',
    judges: 'text',
  },
  'said-at-two-levels': {
    id: 'said-at-two-levels',
    title: 'An event is logged at error, and again at a lower level by whatever handled it',
    because: 'What is handled as a warning is none for whoever is called by errors; one of both is too much.',
    remedy: 'Go by the second one; keep the first out of error alerts.',
    ...from(UPSTREAM, ofTalk('An error is one that somebody should handle; what is expected is a warning.')),
    toBeSure: 'See in the source whether the second message handles the first, or find it in the catalogue.',
    judges: 'text',
  },
  'normal-at-warning': {
    id: 'normal-at-warning',
    title: 'Something normal is logged as a warning',
    because:
      'Administrators work their warnings off within the week. What is as it should be, or a mistake of a client, cannot be worked off.',
    remedy: 'Read it as info or less.',
    ...from(
      ofSpecification('A warning is looked into within the week, and worked off.'),
      ofTalk('Standard operations are info; a warning may be an issue.'),
    ),
    toBeSure: 'Find it in the catalogue.',
    judges: 'catalogue',
  },
  'api-deprecation-above-debug': {
    id: 'api-deprecation-above-debug',
    title: 'The deprecation of an API is logged above debug',
    because: 'Users of an API do not read the logs of the service: it tells the wrong people.',
    remedy: 'Read it as debug, and tell whoever calls the API.',
    ...from(ofSpecification('The deprecation of a REST API is at debug at most: its users see no logs.')),
    toBeSure: 'Find it in the catalogue.',
    judges: 'catalogue',
  },
  'developers-hint-above-debug': {
    id: 'developers-hint-above-debug',
    title: 'A hint to developers is logged above debug',
    because: 'A warning is for whoever runs the service. What only its source can mend is for debug.',
    remedy: 'Read it as debug.',
    ...from(
      ofSpecification('Debug is the level of developers.'),
      ofTalk('Debug is for what is under the hood.'),
    ),
    toBeSure: 'Find it in the catalogue.',
    judges: 'catalogue',
  },
};

const rulesOf = (name: string): readonly Rule[] =>
  Object.values(rules).filter(({ sources }) => sources.some((source) => source.name === name));

/** The rules that follow from what the talk says of the levels, for `assess(logs, { rules })`. */
export const talk2014: readonly Rule[] = rulesOf(TALK);

/** The rules of OpenStack's specification, for `assess(logs, { rules })`. */
export const specification: readonly Rule[] = rulesOf(SPECIFICATION);
