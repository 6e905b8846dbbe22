import type { Host, StepContext } from '@groundcrew/runbook';
import { lastWords } from '../enroll-error.ts';
import { crmMon } from '../../components/pacemaker/crm-mon.ts';
import { importXmlPackage } from '../../probing/xml-package.ts';
import type { CibCommand } from './cib-changes.ts';
import { type CibElement, parseCib } from './cib-element.ts';
import { type ResourceOwner, presentElements } from './resource-elements.ts';
import { type TransitionAction, transitionOf } from './simulated-transition.ts';

/** Exit codes of `crm_resource --force-check`, which are those of the agent. */
const RUNS = 0;
const RUNS_NOT: ReadonlySet<number> = new Set([7, 5]);

/** The nodes on which a resource is, and what is wrong with that. */
export interface Whereabouts {
  readonly nodes: readonly string[];
  readonly complaint: string | undefined;
}

/** The hosts of a plan, by name. @throws EnrollError if it was not given */
export type HostsOfPlan = (name: string, context: Pick<StepContext, 'signal'>) => PacemakerHost;

/** Pacemaker's programs on one of its nodes. */
export class PacemakerHost {
  readonly #host: Host;
  readonly #how: { readonly signal: AbortSignal; readonly sudo: boolean | string | undefined };

  constructor(host: Host, how: { signal: AbortSignal; sudo: boolean | string | undefined }) {
    this.#host = host;
    this.#how = how;
  }

  /** Its standard output. */
  async must(command: readonly [string, ...string[]]): Promise<string> {
    const { stdout } = await this.#host.run(command, { ...this.#how, timeout: '2m', keep: KEEP });
    return stdout;
  }

  async present(id: string): Promise<ResourceOwner> {
    return presentElements(parseCib(await importXmlPackage(), await this.must(['cibadmin', '--query'])), id);
  }

  /** Does the node have the agent, and does the agent take the options? */
  async complaintOfAgent(
    agent: string,
    options: Readonly<Record<string, string>>,
  ): Promise<string | undefined> {
    const metadata = await this.#any(['crm_resource', '--show-metadata', agent]);
    if (metadata.exitCode !== 0) return `there is no agent ${agent}: ${said(metadata)}`;
    const [standard = '', provider = '', type = ''] = agent.split(':');
    // Only agents of this standard can say whether they would take options.
    if (standard !== 'ocf') return undefined;
    const validated = await this.#any([
      'crm_resource',
      '--validate',
      '--class',
      standard,
      '--provider',
      provider,
      '--agent',
      type,
      ...Object.entries(options).flatMap(([name, value]) => ['--option', `${name}=${value}`]),
    ]);
    return validated.exitCode === 0 ? undefined : `${agent} does not take the options: ${said(validated)}`;
  }

  /**
   * Makes the changes to a copy of the configuration: what Pacemaker would do then that it would not do anyway.
   *
   * @param options `verify: false` for what is only valid once something has stopped, which on a copy it does not
   */
  async rehearse(
    changes: readonly CibCommand[],
    { verify = true }: { readonly verify?: boolean } = {},
  ): Promise<{ complaint: string | undefined; wouldDo: readonly TransitionAction[] }> {
    const copy = (
      await this.must(['sh', '-c', 'copy=$(mktemp) && cibadmin --query > "$copy" && echo "$copy"'])
    ).trim();
    try {
      const anyway = new Set((await this.#transition(copy)).map(({ words }) => words));
      for (const change of changes) {
        const made = await this.#any(['env', `CIB_file=${copy}`, ...change]);
        if (made.exitCode !== 0) return { complaint: said(made), wouldDo: [] };
      }
      const verified = verify ? await this.#any(['crm_verify', '--xml-file', copy, '--verbose']) : undefined;
      if (verified !== undefined && verified.exitCode !== 0)
        return { complaint: said(verified), wouldDo: [] };
      const then = await this.#transition(copy);
      const fencing = fencingDevices(
        parseCib(await importXmlPackage(), await this.must(['cat', '--', copy])),
      );
      return {
        complaint: undefined,
        // Where a fencing device is watched from matters to nobody: all nodes can use it.
        wouldDo: then.filter(({ subject, words }) => !anyway.has(words) && !fencing.has(subject)),
      };
    } finally {
      await this.must(['rm', '-f', '--', copy]);
    }
  }

  /** The place of a resource, as Pacemaker believes. */
  async whereIs(id: string): Promise<Whereabouts> {
    const status = crmMon(
      await importXmlPackage(),
      this.#host.name,
      await this.must(['crm_mon', '--output-as=xml']),
    );
    const resource = status.resources.find((candidate) => candidate.id === id);
    const nodes = resource?.active === true ? resource.nodes : [];
    const failure = status.failures.find(({ operation }) => operation.startsWith(`${id}_`));
    if (resource === undefined) return { nodes, complaint: `Pacemaker has no resource ${id}` };
    if (resource.role === 'Started' && nodes.length === 1 && !resource.failed)
      return { nodes, complaint: undefined };
    const why = failure === undefined ? '' : `: ${failure.operation} on ${failure.node}: ${failure.because}`;
    return { nodes, complaint: `${id} is ${resource.role} on ${nodes.join(', ') || 'no node'}${why}` };
  }

  /**
   * Asks the agent on this node, which looks for itself.
   *
   * @throws Error if it says neither
   */
  async runsHere(id: string): Promise<boolean> {
    const checked = await this.#any(['crm_resource', '--resource', id, '--force-check']);
    if (checked.exitCode === RUNS) return true;
    if (RUNS_NOT.has(checked.exitCode)) return false;
    throw new Error(`whether ${this.#host.name} runs ${id} is not known: ${said(checked)}`);
  }

  async #transition(file: string): Promise<TransitionAction[]> {
    return transitionOf(
      await importXmlPackage(),
      await this.must(['crm_simulate', '--xml-file', file, '--simulate', '--output-as=xml']),
    );
  }

  #any(command: readonly [string, ...string[]]): ReturnType<Host['run']> {
    return this.#host.run(command, { ...this.#how, timeout: '1m', keep: KEEP, expect: 'any' });
  }
}

function fencingDevices({ name, attributes, children }: CibElement): ReadonlySet<string> {
  const own = name === 'primitive' && attributes['class'] === 'stonith' ? [attributes['id'] ?? ''] : [];
  return new Set([...own, ...children.flatMap((child) => [...fencingDevices(child)])]);
}

/** A large cluster's configuration. */
const KEEP = 32 * 1024 * 1024;

const said = ({ stdout, stderr, exitCode }: Awaited<ReturnType<Host['run']>>): string =>
  lastWords(stderr) || lastWords(stdout) || `exit code ${exitCode}`;
