import type { CommandOptions, Host } from '@groundcrew/runbook';
import type { LevelsBefore } from './actions.ts';
import { processesOf, type ServiceProcesses } from './host-processes.ts';
import { hangUpCommand, TOLD } from './host-scripts.ts';
import { LevelError } from './level-error.ts';
import type { ConfiguredTarget } from './level-target.ts';
import type { LevelContext } from './strategy.ts';
import { type ToldLevels, toldLevels } from './told-levels.ts';

/** What was noted of a service's configuration. */
export type ConfiguredBefore = Extract<LevelsBefore, { readonly kind: 'configuration' }>;

/** A service on its host, as far as its level is changed by its configuration. */
export class ConfiguredService {
  readonly host: Host;
  readonly target: ConfiguredTarget;
  /** For messages: `nova-compute on compute-1`. */
  readonly name: string;

  constructor(host: Host, target: ConfiguredTarget) {
    this.host = host;
    this.target = target;
    this.name = `${target.service} on ${host.name}`;
  }

  /** How commands are run. */
  how({ signal }: Pick<LevelContext, 'signal'>): Pick<CommandOptions, 'signal' | 'sudo'> {
    const { sudo } = this.target;
    return { signal, ...(sudo === undefined ? {} : { sudo }) };
  }

  /** The content of a file, byte for byte, whatever its encoding. */
  async read(file: string, context: LevelContext): Promise<string> {
    return Buffer.from(await this.host.download(file, this.how(context))).toString('latin1');
  }

  /** @throws LevelError `levels.no-process` */
  processes(context: LevelContext): Promise<ServiceProcesses> {
    return processesOf(this.host, this.target, this.how(context));
  }

  async hangUp(context: LevelContext): Promise<void> {
    await this.host.run(hangUpCommand(this.target), this.how(context));
  }

  async startAnew(restart: readonly [string, ...string[]], context: LevelContext): Promise<void> {
    await this.host.run(restart, { ...this.how(context), timeout: '5m' });
  }

  /**
   * The service is told to read its configuration: by SIGHUP, or, where that would end it or its workers, by being started anew.
   *
   * @returns the workers that it had
   * @throws LevelError `levels.no-hang-up`
   */
  async reload(context: LevelContext): Promise<readonly number[]> {
    const { hangUp, workers } = await this.processes(context);
    if (hangUp === 'reads') await this.hangUp(context);
    else if (this.target.restart !== undefined) await this.startAnew(this.target.restart, context);
    else throw this.noHangUp(hangUp);
    return workers;
  }

  /** What its log tells of the level since its levels were noted. */
  async toldSince({ logBytes }: ConfiguredBefore, context: LevelContext): Promise<ToldLevels> {
    const command = ['sh', '-c', TOLD, 'sh', this.target.log, String(logBytes + 1)] as const;
    const { stdout } = await this.host.run(command, this.how(context));
    return toldLevels(stdout);
  }

  /** The length of its log in bytes. */
  async logBytes(context: LevelContext): Promise<number> {
    const { stdout } = await this.host.run(
      ['stat', '-L', '-c', '%s', '--', this.target.log],
      this.how(context),
    );
    return Number(stdout.trim());
  }

  noHangUp(does: 'ends' | 'ends-workers'): LevelError {
    const why =
      does === 'ends'
        ? 'its main process does not take SIGHUP, which would end it'
        : 'it has native threads: SIGHUP would end its workers, which serve nobody until they have finished and others are started';
    return new LevelError('levels.no-hang-up', `${this.name}: ${why}`, {
      remedy: 'Say with restart how it is started anew, if that may be done.',
    });
  }
}
