import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { compareMicroversions, isMicroversion } from '../src/record/microversion.ts';
import { type OperationSpec, type ServiceSpec, slotsOf } from '../src/record/operation.ts';
import { isShape, schemaAt } from '../src/record/shape.ts';

/** What became of one sample. */
export interface Outcome {
  readonly file: string;
  /** `no-record`: nothing in our records is like it. `unreadable`: it is no JSON. */
  readonly result: 'fits' | 'misfits' | 'no-record' | 'unreadable';
  readonly operation?: string | undefined;
  readonly why?: string | undefined;
}

interface Candidate {
  readonly name: string;
  readonly spec: OperationSpec;
}

/**
 * Decodes every API sample in a folder (upstream's `doc/api_samples`, `api-ref/source/samples`) with the records of its
 * service: an answer by the operations that open its envelope, a request by those that send it. It fits if one of
 * them takes it, at the microversion that its path names, or, where it names none, at some version.
 */
export function checkSamples(service: ServiceSpec, folder: string): Outcome[] {
  const operations = Object.values(service.resources).flatMap((resource) =>
    // A list of chosen fields takes any entity: it would hide what the list itself does not take.
    Object.entries(resource.operations)
      .filter(([name]) => name !== 'listFields')
      .map(([name, spec]): Candidate => ({
        name: `${resource.name}.${name}`,
        spec,
      })),
  );
  return globSync('**/*.json', { cwd: folder })
    .toSorted()
    .map((file) => check(service, operations, folder, file));
}

function check(
  service: ServiceSpec,
  operations: readonly Candidate[],
  folder: string,
  file: string,
): Outcome {
  let body: unknown;
  try {
    body = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  } catch {
    return { file, result: 'unreadable' };
  }
  const isRequest = /req(uest)?([-_.]|$)/i.test(path.basename(file)) && !/resp/i.test(path.basename(file));
  const tries = operations.flatMap((spec) =>
    isRequest ? requestTries(spec, body) : answerTries(spec, body),
  );
  if (tries.length === 0) return { file, result: 'no-record' };
  let nearest: { operation: string; why: string; depth: number } | undefined;
  for (const { operation, spec, schema, values } of tries) {
    // Without an envelope any body might be meant: that it does not fit says nothing.
    const opensEnvelope = isRequest ? (spec.send ?? spec.action) !== undefined : spec.receive !== undefined;
    for (const version of versionsFor(service, spec, file)) {
      const made = schemaAt(schema, version);
      if (made === undefined) continue;
      const failed = values.map((value) => made.safeParse(value)).find((parsed) => !parsed.success)?.error;
      if (failed === undefined) return { file, result: 'fits', operation };
      const why = `at ${version}: ${first(failed)}`;
      if (!opensEnvelope) continue;
      // The one that failed latest is the one that was meant.
      const depth = -failed.issues.length;
      if (nearest === undefined || depth > nearest.depth) nearest = { operation, why, depth };
    }
  }
  return nearest === undefined
    ? { file, result: 'no-record' }
    : { file, result: 'misfits', operation: nearest.operation, why: nearest.why };
}

interface Try {
  readonly operation: string;
  readonly spec: OperationSpec;
  readonly schema: NonNullable<OperationSpec['output']>;
  readonly values: readonly unknown[];
}

function answerTries({ name, spec }: Candidate, body: unknown): Try[] {
  if (spec.output === undefined) return [];
  const opened = spec.receive === undefined ? body : isObject(body) ? body[spec.receive] : undefined;
  if (opened === undefined || (spec.receive === undefined && spec.page !== undefined)) return [];
  const values =
    spec.page === undefined ? [opened] : Array.isArray(opened) ? opened : Object.values(opened ?? {});
  return [{ operation: name, spec, schema: spec.output, values }];
}

function requestTries({ name, spec }: Candidate, body: unknown): Try[] {
  if (spec.verb === 'GET' || spec.verb === 'HEAD' || spec.verb === 'DELETE') return [];
  const fields = sent(spec, body);
  if (fields === undefined) return [];
  const slots = Object.fromEntries(slotsOf(spec.path).map((slot) => [slot, 'id']));
  return [{ operation: name, spec, schema: spec.input, values: [{ ...slots, ...fields }] }];
}

/** The arguments that would have made this body. */
function sent(spec: OperationSpec, body: unknown): Record<string, unknown> | undefined {
  if (spec.body !== undefined) return { [spec.body]: body };
  if (!isObject(body)) return undefined;
  if (spec.action !== undefined) {
    if (!(spec.action in body)) return undefined;
    const fields = body[spec.action];
    return isObject(fields) ? fields : {};
  }
  if (spec.send === undefined) {
    // Without an envelope anything might be meant: what shares no field with the arguments is not.
    const known = isShape(spec.input) ? spec.input.fields : {};
    return Object.keys(body).some((name) => name in known) ? body : undefined;
  }
  const fields = body[spec.send];
  if (!isObject(fields)) return undefined;
  const beside = Object.fromEntries(
    (spec.beside ?? []).flatMap((name) => (name in body ? [[name, body[name]]] : [])),
  );
  return { ...fields, ...beside };
}

function versionsFor(service: ServiceSpec, spec: OperationSpec, file: string): string[] {
  const named = /(?:^|[/-])v(\d+\.\d+)(?=[/-])/.exec(file)?.[1];
  const floor = service.microversion?.floor ?? '0.0';
  if (service.microversion !== undefined && named !== undefined && isMicroversion(named)) return [named];
  const start = spec.since ?? floor;
  if (service.microversion === undefined) return [start];
  const major = floor.split('.')[0];
  const all = Array.from({ length: 120 }, (_, minor) => `${major}.${minor}`);
  return [start, ...all.filter((version) => compareMicroversions(version, start) > 0)];
}

const first = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
