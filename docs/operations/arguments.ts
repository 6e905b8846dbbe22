import type { ServiceSpec } from '@groundcrew/core';
import type { z } from 'zod';
import { isOptional, typeText } from './type-text.ts';

type Operation = ServiceSpec['resources'][string]['operations'][string];
type Schema = Operation['input'];
type Shape = Extract<Schema, { kind: 'shape' }>;
type Versioned = Extract<Schema, { kind: 'versioned' }>;

/** An argument of an operation. */
export interface Argument {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  /** `path`, `query`, `body` or the name of a header. */
  readonly place: string;
  /** The microversions that have it, in words; empty if all have. */
  readonly versions: string;
}

/** The arguments of an operation, in the order of its record. */
export function argumentsOf(operation: Operation): Argument[] {
  const fields = fieldsOf(operation.input);
  return Object.entries(fields).map(([name, field]) => ({
    name,
    type: schemaText(field),
    optional: mayMiss(field),
    place: placeOf(operation, name),
    versions: isVersioned(field) ? versionsText(field) : '',
  }));
}

/** The fields that an operation answers, each with the microversions that have it. */
export function answerOf(operation: Operation): { readonly name: string; readonly versions: string }[] {
  if (operation.output === undefined) return [];
  return Object.entries(fieldsOf(operation.output)).map(([name, field]) => ({
    name,
    versions: isVersioned(field) ? versionsText(field) : '',
  }));
}

/** `from 2.26`, `before 2.57`, `2.3 to 2.57`; of a field that changed its type, the version of each change. */
export function versionsText({ steps }: Versioned): string {
  const [first, ...later] = steps;
  if (first === undefined) return '';
  const gone = steps.find(([, schema]) => schema === null)?.[0];
  const from = first[0] === '0.0' ? undefined : first[0];
  const changed = later.filter(([, schema]) => schema !== null).map(([version]) => version);
  return [
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(gone === undefined ? [] : [`before ${gone}`]),
    ...(changed.length === 0 ? [] : [`changed in ${changed.join(', ')}`]),
  ].join(', ');
}

function fieldsOf(schema: Schema): Readonly<Record<string, Schema>> {
  if (isVersioned(schema)) {
    // A record whose arguments changed as a whole: all that some version takes.
    const steps = schema.steps.flatMap(([, step]) => (step === null ? [] : [fieldsOf(step)]));
    return Object.assign({}, ...steps) as Record<string, Schema>;
  }
  if (isShape(schema)) return schema.fields;
  const { shape } = schema as { readonly shape?: Readonly<Record<string, z.ZodType>> };
  return shape ?? {};
}

function placeOf(operation: Operation, name: string): string {
  if (operation.path.includes(`{${name}}`)) return 'path';
  const header = operation.headers?.[name];
  if (header !== undefined) return `header \`${header}\``;
  if (name === operation.body) return 'the body';
  if (operation.query?.includes(name) === true) return 'query';
  return ['GET', 'HEAD', 'DELETE'].includes(operation.verb) && operation.body === undefined
    ? 'query'
    : 'body';
}

function schemaText(schema: Schema): string {
  if (isVersioned(schema)) {
    const steps = schema.steps.flatMap(([, step]) => (step === null ? [] : [schemaText(step)]));
    return [...new Set(steps)].join(', then ');
  }
  if (!isShape(schema)) return typeText(schema);
  const fields = Object.entries(schema.fields).map(
    ([name, field]) => `${name}${mayMiss(field) ? '?' : ''}: ${schemaText(field)}`,
  );
  return `{ ${fields.join('; ')} }`;
}

function mayMiss(schema: Schema): boolean {
  if (isVersioned(schema)) return schema.steps.every(([, step]) => step === null || mayMiss(step));
  return !isShape(schema) && isOptional(schema);
}

const isShape = (schema: Schema): schema is Shape => 'kind' in schema && schema.kind === 'shape';
const isVersioned = (schema: Schema): schema is Versioned => 'kind' in schema && schema.kind === 'versioned';
