import { activateConfig, type ConfigKind, stageConfig } from './enroll-actions.ts';
import type { EnrollRefusal } from './enroll-refusal.ts';
import { frozenText } from './frozen-text.ts';
import { digestOf, type FileOwner } from './managed-file.ts';
import { renderConfig } from './render-config.ts';
import type { Json, Step, StepOptions } from '@groundcrew/runbook';
import type * as z from 'zod';

/** One file that shall be. */
export interface WantedFile {
  readonly host: string;
  readonly kind: ConfigKind;
  readonly path: string;
  readonly model: unknown;
  readonly present: FileOwner;
}

type ActivateInput = z.input<typeof activateConfig.input>;

/** Is it there, as it would be written? A file with secrets is known by its model: a planner has no secrets. */
export function isThere({ kind, model, present }: WantedFile): boolean {
  if (present.state !== 'ours' || frozenText(present.model) !== frozenText(model)) return false;
  return (
    kind === 'keepalived' || kind === 'settings' || digestOf(renderConfig(kind, model, {})) === present.digest
  );
}

/** The reason why the file must not be written; `undefined` if it may. */
export function obstacleTo({ host, path, present }: WantedFile, adopt: boolean): EnrollRefusal | undefined {
  const subject = { kind: 'file', id: `${host}:${path}` };
  if (present.state === 'unseen')
    return {
      code: 'enroll.unseen',
      reason: `${path} on ${host} could not be read: ${present.why}`,
      remedy: 'Make it readable, and look again.',
      subject,
    };
  if (adopt || present.state === 'absent' || present.state === 'ours') return undefined;
  return present.state === 'edited'
    ? {
        code: 'enroll.edited',
        reason: `${path} on ${host} was written by groundcrew, and changed by hand since`,
        remedy: 'Say what was changed by options instead, or overwrite it: adopt: true.',
        subject,
      }
    : {
        code: 'enroll.foreign',
        reason: `${path} on ${host} was written by somebody else, and would be replaced as a whole`,
        remedy: 'Give other paths, or overwrite it (a copy stays beside it): adopt: true.',
        subject,
      };
}

/** A candidate, checked by the program itself. */
export const stageOf = (
  file: WantedFile,
  check: readonly string[] | undefined,
  needs: readonly string[] = [],
): Step =>
  stageConfig.step({
    id: `stage-${file.kind}-${file.host}`,
    input: { ...inputOf(file), ...(check === undefined ? {} : { check: [...check] }) },
    needs,
    estimate: { duration: '2s' },
  });

export const activateOf = (
  file: WantedFile,
  more: Omit<ActivateInput, 'host' | 'kind' | 'path' | 'model' | 'before'>,
  options: Pick<StepOptions<ActivateInput>, 'needs' | 'why' | 'estimate'>,
): Step =>
  activateConfig.step({
    id: `activate-${file.kind}-${file.host}`,
    input: {
      ...inputOf(file),
      before: 'digest' in file.present ? file.present.digest : 'absent',
      ...more,
    },
    ...options,
    timeout: '5m',
  });

const inputOf = ({ host, kind, path, model }: WantedFile) => ({
  host,
  kind,
  path,
  // Members that are undefined are none: what the journal gives back must be the same.
  model: JSON.parse(frozenText(model)) as Json as z.input<typeof stageConfig.input>['model'],
});
