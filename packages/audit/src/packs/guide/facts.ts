import { z } from 'zod';
import { aSignal, messageOf, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { CommandOptions, Host } from '@groundcrew/runbook';
import { type GuideService, layout } from './layout.ts';

/** The facts about a file or directory. */
export interface FileFacts {
  readonly path: string;
  readonly state: 'there' | 'missing' | 'unreadable';
  /** The owner and the permissions, if it exists. */
  readonly owner?: { readonly user: string; readonly group: string; readonly mode: number } | undefined;
  /** The text of a file whose options are judged. */
  readonly text?: string | undefined;
  /** The reason why it could not be read. */
  readonly why?: string | undefined;
}

/** The configuration of one service on one host. */
export interface ServiceFacts {
  readonly service: GuideService;
  readonly host: string;
  readonly directory: FileFacts;
  /** By name, below the directory. */
  readonly files: ReadonlyMap<string, FileFacts>;
}

/** The configuration of a host, by service. */
export type GuideFacts = ReadonlyMap<GuideService, ServiceFacts>;

export interface ReadGuideOptions {
  /** The folder below which services keep their configuration. @default '/etc' */
  readonly etc?: string | undefined;
  /** Reads as root, for files that only root may read. @default as who one is */
  readonly sudo?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

const guideOptions = optionsSchema<ReadGuideOptions>({
  etc: z.string().startsWith('/').optional(),
  sudo: z.boolean().optional(),
  signal: aSignal.optional(),
});

/**
 * Reads, on one host, what the checks of the Security Guide want to know: who owns which file, and the files whose
 * options are judged. Nothing is changed. What cannot be read is kept as unreadable, with the reason.
 *
 * @example
 * const facts = await readGuideFacts(sshHost({ host: 'controller-1' }), { sudo: true });
 * const report = evaluate([], { scope: 'controller-1' }, { now: Date.now(), found: judgeGuide(facts) });
 */
export async function readGuideFacts(host: Host, options: ReadGuideOptions = {}): Promise<GuideFacts> {
  parseArguments('readGuideFacts', guideOptions, options);
  const services = Object.keys(layout) as GuideService[];
  const facts = await Promise.all(services.map((service) => readService(host, service, options)));
  return new Map(facts.map((fact) => [fact.service, fact]));
}

async function readService(
  host: Host,
  service: GuideService,
  { etc = '/etc', sudo, signal }: ReadGuideOptions,
): Promise<ServiceFacts> {
  const { directory, files, read } = layout[service];
  const base = `${etc.replace(/\/$/, '')}/${directory}`;
  const options: CommandOptions = { sudo, signal };
  const paths = [base, ...files.map((name) => `${base}/${name}`)];
  const known = await owners(host, paths, options);
  const entries = await Promise.all(
    files.map(async (name): Promise<readonly [string, FileFacts]> => {
      const one = factsOf(known, `${base}/${name}`);
      return [name, read.includes(name) && one.state === 'there' ? await withText(host, one, options) : one];
    }),
  );
  return { service, host: host.name, directory: factsOf(known, base), files: new Map(entries) };
}

type Owners = ReadonlyMap<string, FileFacts> | string;

async function owners(host: Host, paths: readonly string[], options: CommandOptions): Promise<Owners> {
  try {
    // Those that are not there are an error of stat, beside the lines of those that are.
    const { stdout, stderr } = await host.run(['stat', '-L', '-c', '%U %G %a %n', '--', ...paths], {
      ...options,
      expect: [0, 1],
      env: { LC_ALL: 'C' },
    });
    const there = stdout.split('\n').flatMap((line) => {
      // A line of another form is of no path, and `factsOf` then says that stat said nothing of it.
      const [, user, group, mode = '', path] = /^(\S+) (\S+) ([0-7]+) (.*)$/.exec(line) ?? [];
      if (user === undefined || group === undefined || path === undefined) return [];
      return [{ path, state: 'there' as const, owner: { user, group, mode: Number.parseInt(mode, 8) } }];
    });
    const others = paths.flatMap((path): FileFacts[] => {
      const line = stderr.split('\n').find((text) => text.includes(`'${path}'`));
      if (line === undefined) return [];
      if (line.endsWith('No such file or directory')) return [{ path, state: 'missing' }];
      return [{ path, state: 'unreadable', why: line }];
    });
    return new Map([...there, ...others].map((file) => [file.path, file]));
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    return messageOf(error);
  }
}

const factsOf = (known: Owners, path: string): FileFacts =>
  typeof known === 'string'
    ? { path, state: 'unreadable', why: known }
    : (known.get(path) ?? { path, state: 'unreadable', why: `stat said nothing of ${path}` });

async function withText(host: Host, facts: FileFacts, options: CommandOptions): Promise<FileFacts> {
  try {
    const { stdout, dropped } = await host.run(['cat', '--', facts.path], options);
    // Half of a file may be the wrong half.
    return dropped > 0 ? { ...facts, why: 'it is longer than 1 MiB' } : { ...facts, text: stdout };
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    return { ...facts, why: messageOf(error) };
  }
}
