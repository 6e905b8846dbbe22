import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { LabError } from './errors.ts';

/**
 * OpenStack's own command, started once and asked line by line: a client that shares nothing with ours. To start it takes seconds of a
 * processor, which is more than most answers need.
 *
 * @example
 * await using openstack = new OpenstackShell({ ...process.env, OS_CLOUD: 'lab-admin' });
 * const servers = await openstack.rows('server list --all-projects');
 */
export class OpenstackShell implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #said = { stdout: '', stderr: '' };
  #heard: () => void = () => undefined;
  #hasEnded = false;
  #last: Promise<unknown> = Promise.resolve();
  #asked = 0;

  constructor(env: NodeJS.ProcessEnv, { cwd }: { readonly cwd?: string } = {}) {
    this.#process = spawn('openstack', [], { env: { ...env, PYTHONUNBUFFERED: '1' }, cwd });
    for (const stream of ['stdout', 'stderr'] as const)
      this.#process[stream].setEncoding('utf8').on('data', (text: string) => {
        this.#said[stream] += text;
        this.#heard();
      });
    const end = (): void => {
      this.#hasEnded = true;
      this.#heard();
    };
    this.#process.on('error', (error) => {
      this.#said.stderr += `${error.message}\n`;
      end();
    });
    this.#process.on('close', end);
    this.#process.stdin.on('error', () => undefined);
  }

  /**
   * What it writes for one line. Lines are asked one after the other.
   *
   * @throws LabError with its words, if it writes nothing but an error
   */
  ask(line: string): Promise<string> {
    const answer = this.#last.then(() => this.#ask(line));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** The document that it writes with `-f json`. */
  async json(line: string): Promise<unknown> {
    return JSON.parse(await this.ask(`${line} -f json`));
  }

  /** The rows of a list. */
  async rows(line: string): Promise<Record<string, unknown>[]> {
    return (await this.json(line)) as Record<string, unknown>[];
  }

  async #ask(line: string): Promise<string> {
    this.#asked += 1;
    // Both streams end an answer with a line that nothing else writes. The command takes what is not quoted for its own redirection.
    const mark = `answer-${this.#asked}-of-${process.pid}`;
    this.#process.stdin.write(`${line}\n!sh -c 'echo ${mark}; echo ${mark} >&2'\n`);
    const [stdout, stderr] = [await this.#until('stdout', mark), await this.#until('stderr', mark)];
    if (stdout === '' && stderr !== '') throw new LabError(`openstack ${line}: ${stderr}`);
    return stdout;
  }

  async #until(stream: 'stdout' | 'stderr', mark: string): Promise<string> {
    for (;;) {
      const [answer, rest] = this.#said[stream].split(`${mark}\n`);
      if (answer !== undefined && rest !== undefined) {
        this.#said[stream] = rest;
        return answer.trim();
      }
      if (this.#hasEnded) throw new LabError(`the command openstack has ended: ${this.#said.stderr.trim()}`);
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.stdin.end();
    if (!this.#hasEnded) await once(this.#process, 'close');
  }
}
