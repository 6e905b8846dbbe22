import { passwordRegex, settingOf } from './django-settings.ts';
import type { FileFacts, GuideFacts, ServiceFacts } from './facts.ts';
import { type GuideService, layout } from './layout.ts';
import { booleanOf, optionOf, type OsloConfig, parseOsloConfig } from './oslo-config.ts';

/** The result of a check, with its reasons. */
export interface Judged {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly because: readonly string[];
}
/** Judges one service; what is known of the others of its host is there, where a check looks at two. */
export type Rule = (facts: ServiceFacts, all: GuideFacts) => Judged;

const say = (verdict: Judged['verdict'], ...because: readonly string[]): Judged => ({ verdict, because });

/** The worst of several, with the reasons of that verdict. */
function worstOf(all: readonly Judged[]): Judged {
  for (const verdict of ['fail', 'unknown', 'pass'] as const) {
    const some = all.filter((judged) => judged.verdict === verdict);
    if (some.length > 0) return { verdict, because: some.flatMap(({ because }) => because) };
  }
  return say('unknown', 'nothing was looked at');
}
export const every =
  (...rules: readonly Rule[]): Rule =>
  (facts, all) =>
    worstOf(rules.map((rule) => rule(facts, all)));

/** A rule of another service. */
export const of =
  (service: GuideService, rule: Rule): Rule =>
  (_, all) => {
    const facts = all.get(service);
    return facts === undefined
      ? say('unknown', `the configuration of ${service} was not read`)
      : rule(facts, all);
  };

/** Judges what is there; what is not, nobody can misuse. Where nothing is, the service is on another host. */
function judgeFiles(facts: ServiceFacts, judge: (file: FileFacts) => Judged): Judged {
  const files = [...facts.files.values()].filter(({ state }) => state !== 'missing');
  const there = facts.directory.state === 'missing' ? files : [facts.directory, ...files];
  if (files.length === 0 && facts.directory.state !== 'unreadable')
    return say('unknown', `there is no configuration in ${facts.directory.path} on ${facts.host}`);
  return worstOf(
    there.map((file) =>
      file.owner === undefined ? say('unknown', `${file.path}: ${file.why}`) : judge(file),
    ),
  );
}

/** Requires that files and their directory are the service's, or root's and the service's group. */
export const owned: Rule = (facts) => {
  const [user, group] = layout[facts.service].owner;
  return judgeFiles(facts, ({ path, owner }) =>
    say(
      owner?.user === user && owner.group === group ? 'pass' : 'fail',
      `${path} is of ${owner?.user}:${owner?.group}, wanted ${user}:${group}`,
    ),
  );
};

/** Requires that files are 640 or stricter, or their directory lets nobody else in (750). */
export const strict: Rule = (facts) => {
  const { mode: ofDirectory } = facts.directory.owner ?? {};
  const shut = ofDirectory !== undefined && (ofDirectory & ~0o750) === 0;
  return judgeFiles(facts, (fact) => {
    // For the type only: `judgeFiles` passes facts that have an owner. Open is the worse of the two.
    const mode = fact.owner?.mode ?? 0o777;
    const isDirectory = fact === facts.directory;
    // An open directory is no fault of its own: its files are judged one by one.
    const good = shut || isDirectory || (mode & ~0o640) === 0;
    return say(good ? 'pass' : 'fail', `${fact.path} has the permissions ${mode.toString(8)}`);
  });
};

/** Judges a file's text; without it nothing is known. */
const inFile =
  (name: string, judge: (text: string, path: string) => Judged): Rule =>
  (facts) => {
    const file = facts.files.get(name);
    if (file?.text !== undefined) return judge(file.text, file.path);
    if (file === undefined || file.state === 'missing')
      return say('unknown', `there is no ${file?.path ?? name} on ${facts.host}`);
    return say('unknown', `${file.path}: ${file.why ?? 'not read'}`);
  };

export interface OptionRule {
  /** The places where the option may be set; the first that is set counts: newer places before older ones. */
  readonly at: readonly (readonly [section: string, name: string])[];
  /** The value that holds where it is not set. `undefined`: none. */
  readonly unset: string | undefined;
  /** `undefined`: it cannot be said. */
  readonly good: (value: string) => boolean | undefined;
  /** Said where nothing is set and nothing holds. @default it fails */
  readonly otherwise?: Judged | undefined;
}

/** An option of an oslo.config file. Its default counts: what is not written is not therefore wrong. */
export const option = (file: string, { at, unset, good, otherwise }: OptionRule): Rule =>
  inFile(file, (text, path) => {
    const config = parseOsloConfig(text);
    const set = at.flatMap(([section, name]) => {
      const value = optionOf(config, section, name);
      return value === undefined ? [] : [{ where: `${path} [${section}] ${name}`, value }];
    });
    const [first] = set;
    const [section, name] = at[0] ?? ['DEFAULT', '?'];
    if (first === undefined) {
      const where = `${path} [${section}] ${name} is not set`;
      if (unset === undefined) return otherwise ?? say('fail', where);
      return say(verdictOf(good(unset)), `${where}; its default is ${unset}`);
    }
    // Of another option, perhaps in another file.
    if (first.value.includes('$')) return say('unknown', `${first.where} is ${first.value}`);
    return say(verdictOf(good(first.value)), `${first.where} is ${first.value}`);
  });

const verdictOf = (good: boolean | undefined): Judged['verdict'] =>
  good === undefined ? 'unknown' : good ? 'pass' : 'fail';

export const isFalse = (value: string): boolean | undefined => {
  const truth = booleanOf(value);
  return truth === undefined ? undefined : !truth;
};
export const isHttps = (value: string): boolean =>
  value.split(',').every((origin) => origin.trim().toLowerCase().startsWith('https://'));

/** The setting of Horizon, compared as it is written. */
export const setting = (name: string, unset: string | undefined, good: (value: string) => boolean): Rule =>
  inFile('local_settings.py', (text, path) => {
    const value = settingOf(text, name);
    if (value !== undefined) return say(good(value) ? 'pass' : 'fail', `${path}: ${name} = ${value}`);
    if (unset === undefined) return say('fail', `${path}: ${name} is not set`);
    return say(good(unset) ? 'pass' : 'fail', `${path}: ${name} is not set; its default is ${unset}`);
  });

/** Requires that passwords are checked by more than `.*`. */
export const passwordsChecked: Rule = inFile('local_settings.py', (text, path) => {
  const regex = passwordRegex(text);
  if (regex === undefined) return say('fail', `${path}: no password_validator is set; the default takes any`);
  return say(regex === '.*' ? 'fail' : 'pass', `${path}: password_validator is ${regex}`);
});

/** A word in a pipeline of a paste file. */
export const inPipeline = (file: string, section: string, word: string): Rule =>
  inFile(file, (text, path) => {
    const pipeline = optionOf(parseOsloConfig(text), section, 'pipeline');
    if (pipeline === undefined) return say('unknown', `${path} has no pipeline in [${section}]`);
    return say(pipeline.split(/\s+/).includes(word) ? 'pass' : 'fail', `${path} [${section}] is ${pipeline}`);
  });

/** Sections beside the known ones are of storage back ends. */
export const nowhere = (file: string, names: readonly string[], bad: (value: string) => boolean): Rule =>
  inFile(file, (text, path) => {
    const config: OsloConfig = parseOsloConfig(text);
    const found = [...config.keys()].flatMap((section) =>
      names.flatMap((name) => {
        const value = optionOf(config, section, name);
        return value === undefined
          ? []
          : [{ text: `${path} [${section}] ${name} is ${value}`, bad: bad(value) }];
      }),
    );
    const wrong = found.filter((match) => match.bad);
    if (wrong.length > 0) return say('fail', ...wrong.map((match) => match.text));
    return say(
      'pass',
      ...(found.length > 0
        ? found.map((match) => match.text)
        : [`${path}: ${names.join(', ')} have their defaults`]),
    );
  });

/**
 * Requires that there is no admin token: neither set, nor asked for by the pipeline. A paste file is optional since
 * Queens.
 */
export const noAdminToken: Rule = (facts, all) => {
  const set = inFile('keystone.conf', (text, path) => {
    const token = optionOf(parseOsloConfig(text), 'DEFAULT', 'admin_token');
    // Its value is a secret.
    return token === undefined || token === '' || token === '<none>'
      ? say('pass', `${path} has no admin_token`)
      : say('fail', `${path} sets admin_token`);
  })(facts, all);
  const paste = facts.files.get('keystone-paste.ini');
  if (paste?.state === 'missing') return set;
  const asked = inFile('keystone-paste.ini', (text, path) =>
    /AdminTokenAuthMiddleware|admin_token_auth/.test(text.replaceAll(/^\s*[#;].*$/gm, ''))
      ? say('fail', `${path} has admin_token_auth`)
      : say('pass', `${path} has no admin_token_auth`),
  )(facts, all);
  return worstOf([set, asked]);
};
