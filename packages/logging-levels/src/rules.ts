/** The sources of the rules. */
const TALK: LogRuleSource = { name: 'the talk of 2014 on running OpenStack' };
const SPECIFICATION: LogRuleSource = {
  name: "OpenStack's logging guidelines (openstack-specs, log-guidelines)",
  url: 'https://specs.openstack.org/openstack/openstack-specs/specs/log-guidelines.html',
};
const UPSTREAM: LogRuleSource = {
  name: 'glance_store, which logs at error what it logs at warning next',
  url: 'https://opendev.org/openstack/glance_store/src/tag/4.1.0/glance_store/driver.py#L98',
};

/** Where a rule comes from. */
export interface LogRuleSource {
  readonly name: string;
  readonly url?: string;
}

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
  readonly source: LogRuleSource;
  /** What makes an offence sure, and what to do about one that is only likely. */
  readonly toBeSure: string;
  /** What is judged: every message by its text, or those of the catalogue, since the text alone does not tell. */
  readonly judges: 'text' | 'catalogue';
}

/** The rules, as data. */
export const rules: Readonly<Record<RuleId, Rule>> = {
  'expected-condition-is-error': {
    id: 'expected-condition-is-error',
    title: 'An expected condition is logged as an error',
    because:
      'An error asks an administrator to repair something now. A client that asked for the wrong thing is not that.',
    remedy: 'Read it as a warning or less, and keep it out of error alerts; report it to the project.',
    source: TALK,
    toBeSure: 'Log the requests with their status beside it, or find the message in the catalogue.',
    judges: 'text',
  },
  'traceback-below-error': {
    id: 'traceback-below-error',
    title: 'A traceback below error',
    because: 'A traceback is a defect, or a failure that somebody must see; below error nobody looks.',
    remedy: 'Read it as an error, and look at the traceback.',
    source: SPECIFICATION,
    toBeSure: 'See in the source whether the message was logged with its exception, or quotes a traceback.',
    judges: 'text',
  },
  'repeated-notice': {
    id: 'repeated-notice',
    title: 'A notice that is repeated instead of said once',
    because:
      'A deprecation or a hint to developers is said once per start of a process, or it hides what is new.',
    remedy: 'Filter it where logs are collected; act on it once.',
    source: SPECIFICATION,
    toBeSure:
      'See whether the process was started anew between: in a container it has the same number again.',
    judges: 'text',
  },
  'progress-at-info': {
    id: 'progress-at-info',
    title: 'Something about to happen, at info',
    because: 'Info tells of work that was done, in the past tense; what is about to happen is for debug.',
    remedy: 'Read it as debug.',
    source: SPECIFICATION,
    toBeSure: 'Find it in the catalogue; the start of a service may be said at info.',
    judges: 'text',
  },
  'secret-in-log': {
    id: 'secret-in-log',
    title: 'A secret in the log',
    because: 'Whoever reads the log can use it.',
    remedy: 'Revoke the secret, then remove it from the log and its copies.',
    source: {
      name: "OpenStack's security guidelines, Logging",
      url: 'https://wiki.openstack.org/wiki/Security/Guidelines/logging_guidelines',
    },
    toBeSure: 'Look at the line: it may be a word, or the id of a thing.',
    judges: 'text',
  },
  'critical-and-goes-on': {
    id: 'critical-and-goes-on',
    title: 'A process goes on after it said critical',
    because: 'Critical wakes everyone: the service is dying. What fails one request is an error.',
    remedy: 'Read it as an error.',
    source: SPECIFICATION,
    toBeSure: 'See whether the service was of use after it, or find the message in the catalogue.',
    judges: 'text',
  },
  'said-at-two-levels': {
    id: 'said-at-two-levels',
    title: 'An event is logged at error, and again at a lower level by whatever handled it',
    because: 'What is handled as a warning is none for whoever is called by errors; one of both is too much.',
    remedy: 'Go by the second one; keep the first out of error alerts.',
    source: UPSTREAM,
    toBeSure: 'See in the source whether the second message handles the first, or find it in the catalogue.',
    judges: 'text',
  },
  'normal-at-warning': {
    id: 'normal-at-warning',
    title: 'Something normal is logged as a warning',
    because:
      'Administrators work their warnings off within the week. What is as it should be, or a mistake of a client, cannot be worked off.',
    remedy: 'Read it as info or less.',
    source: SPECIFICATION,
    toBeSure: 'Find it in the catalogue.',
    judges: 'catalogue',
  },
  'api-deprecation-above-debug': {
    id: 'api-deprecation-above-debug',
    title: 'The deprecation of an API is logged above debug',
    because: 'Users of an API do not read the logs of the service: it tells the wrong people.',
    remedy: 'Read it as debug, and tell whoever calls the API.',
    source: SPECIFICATION,
    toBeSure: 'Find it in the catalogue.',
    judges: 'catalogue',
  },
  'developers-hint-above-debug': {
    id: 'developers-hint-above-debug',
    title: 'A hint to developers is logged above debug',
    because: 'A warning is for whoever runs the service. What only its source can mend is for debug.',
    remedy: 'Read it as debug.',
    source: SPECIFICATION,
    toBeSure: 'Find it in the catalogue.',
    judges: 'catalogue',
  },
};

/** The rules of the talk, for `assess(logs, { rules })`. */
export const talk2014: readonly Rule[] = Object.values(rules).filter(({ source }) => source === TALK);

/** The rules of OpenStack's specification, for `assess(logs, { rules })`. */
export const specification: readonly Rule[] = Object.values(rules).filter(
  ({ source }) => source === SPECIFICATION,
);
