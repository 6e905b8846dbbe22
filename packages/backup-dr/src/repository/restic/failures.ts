import { RepositoryError, type RepositoryErrorCode, type RepositoryLock } from '../repository-error.ts';
import { plainText } from './messages.ts';

/** The end of a run of restic. */
export interface ResticEnd {
  /** `undefined` if a signal ended it. */
  readonly exitCode: number | undefined;
  /** Redacted. */
  readonly stderr: string;
}

/**
 * The failure that an end of restic is. Releases before 0.17 have one exit code for all, so that the words on standard error count;
 * they are in the order in which the cause comes before what follows from it.
 */
export function failureOf(action: string, { exitCode, stderr }: ResticEnd): RepositoryError {
  const text = plainText(stderr);
  const code = codeOf(exitCode, text);
  const lock = code === 'repository-locked' ? lockIn(text) : undefined;
  return new RepositoryError(code, `restic ${action}: ${wordsOf(code, text, exitCode)}`, {
    remedy: REMEDIES[code],
    lock,
  });
}

function codeOf(exitCode: number | undefined, text: string): RepositoryErrorCode {
  const known = exitCode === undefined ? 'engine-killed' : EXIT_CODES[exitCode];
  if (known !== undefined) return known;
  return WORDS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'engine-failed';
}

/** `doc/075_scripting.rst` of restic: 10 and 11 since 0.17.0, 12 since 0.17.1; 126 and 127 are the shell's, 130 an interrupt. */
const EXIT_CODES: Readonly<Partial<Record<number, RepositoryErrorCode>>> = {
  10: 'no-repository',
  11: 'repository-locked',
  12: 'wrong-password',
  126: 'engine-missing',
  127: 'engine-missing',
  130: 'engine-killed',
  137: 'engine-killed',
  143: 'engine-killed',
};

/** Of a list of words, one a line: what restic says when something is not what was written, or is gone. */
const DAMAGE = new RegExp(
  [
    'ciphertext verification failed',
    'invalid data returned',
    '(?:invalid|wrong) (?:hash|length|data) returned',
    'returned invalid hash',
    'config or key \\S{1,80} is damaged',
    'config cannot be loaded',
    'ID does not match',
    'not found in (?:index|repository)',
    'repository contains errors',
    'LoadIndex returned errors',
    'failed loading snapshot',
    'loading (?:snapshot|tree)[^\n]{0,200}failed',
    'decrypting blob',
    'decompressing',
    'unexpected EOF',
    'unexpected (?:file|pack) size',
    'Load\\(<(?:data|index|snapshot|key)/[^\n]{0,400}(?:no such file|does not exist)',
    '(?:open|stat) \\S{1,300}/(?:data|index|snapshots|keys)/\\S{1,200} no such file',
    '<(?:data|index|snapshot|key)/\\w{1,64}> does not exist',
    'pack \\w{8,64}[^\n]{0,200}(?:does not exist|contains)',
    'Unmarshal',
    'invalid character',
  ].join('|'),
);

/**
 * The words, by restic's sources of 0.14 and 0.18 and reports of its users (the tests name them). No pattern looks over a line's end
 * without a bound.
 */
const WORDS: readonly (readonly [RepositoryErrorCode, RegExp])[] = [
  ['wrong-password', /wrong password or no key found/],
  ['repository-locked', /repository is already locked/],
  ['repository-newer', /unsupported repository version/],
  ['repository-exists', /config file already exists|config already initialized/],
  // Temporary packs and the caches lie on the machine that restic runs on.
  [
    'workspace-full',
    /(?:restic-temp-pack|restic-check-cache|\/\.cache\/restic)[^\n]{0,400}(?:no space left|quota exceeded)/i,
  ],
  ['repository-full', /no space left on device|disk quota exceeded|QuotaExceeded|Insufficient Storage/i],
  // The config was asked for and is not there. That it could not be asked for has the same beginning, before 0.17.
  [
    'no-repository',
    /repository does not exist|unable to open config file:[^\n]{0,400}(?:no such file or directory|does not exist|NoSuchBucket|NoSuchKey|key does not exist|not found)/i,
  ],
  ['repository-unreachable', /unable to open config file/],
  ['stream-missing', /no matching ID found|not found in snapshot/],
  ['repository-damaged', DAMAGE],
  ['engine-too-old', /unknown (?:shorthand )?flag|unknown command/],
  [
    'engine-missing',
    /(?:exec: )?restic: not found|restic: (?:No such file|Permission denied|cannot execute)/,
  ],
  [
    'repository-unreachable',
    /dial tcp|connection (?:refused|reset)|no such host|i\/o timeout|TLS handshake|x509:|server response unexpected|unable to (?:open|create) (?:repository|backend)|ssh command exited|subprocess ssh|Access ?Denied|permission denied|Authentication failed|\b40[13]\b/i,
  ],
];

const REMEDIES: Readonly<Record<RepositoryErrorCode, string | undefined>> = {
  'wrong-password':
    'Compare the password; if it is right, the key file in the repository is damaged: `restic key list`.',
  'no-repository': 'Compare the place; a new one is made by `openRepository({ engine, create: true })`.',
  'repository-exists': 'Open it, or choose another place.',
  'repository-locked': 'Wait until the holder has ended. If its machine is gone for good: `restic unlock`.',
  'repository-full': 'Give its storage room, or remove points and prune.',
  'workspace-full':
    'Give the temporary folder of the machine that restic runs on room, or choose another by TMPDIR.',
  'repository-damaged':
    'Check all of it, and follow restic’s guide to troubleshooting: restore first what can be read.',
  'repository-newer': 'Install the release of restic that made it, or a newer one.',
  'repository-unreachable': 'Look at the storage, and at the credentials in `env`.',
  'stream-missing': undefined,
  'stream-cut': 'Store it again.',
  'engine-missing': 'Install it: `apt-get install restic`.',
  'engine-too-old': 'Install restic 0.14 or newer.',
  'engine-killed':
    'Look for what ended it (out of memory?), and run again: what was stored is not sent again.',
  'engine-failed': undefined,
  'read-only': undefined,
  'repository-closed': undefined,
  'point-exists': undefined,
  'point-missing': undefined,
  'point-in-use': undefined,
  'point-broken': undefined,
  'plan-stale': undefined,
};

/** `internal/restic/lock.go` of restic, equal from 0.3 to 0.18. */
const LOCK = /already locked (exclusively )?by PID (\d{1,10}) on ([^\n]{1,255}?) by ([^\n]{0,255}?) \(UID/;

/** The holder that restic names. */
function lockIn(text: string): RepositoryLock | undefined {
  const [found, exclusive, pid, host = '', user = ''] = LOCK.exec(text) ?? [];
  if (found === undefined) return undefined;
  return { host, pid: Number(pid), user, exclusive: exclusive !== undefined };
}

/** The lines that tell the cause, at most three: restic ends a long story with the sum of it. */
function wordsOf(code: RepositoryErrorCode, text: string, exitCode: number | undefined): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const pattern = WORDS.find(([known, each]) => known === code && each.test(text))?.[1];
  const telling = pattern === undefined ? undefined : lines.find((line) => pattern.test(line));
  const last = lines.slice(-1);
  const chosen = telling === undefined ? lines.slice(-3) : [...new Set([telling, ...last])];
  if (chosen.length > 0) return chosen.map((line) => line.slice(0, 500)).join('; ');
  return exitCode === undefined ? 'it was killed' : `exit code ${exitCode}`;
}
