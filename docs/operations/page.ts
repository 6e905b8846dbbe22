import type { ServiceSpec } from '@groundcrew/core';
import { answerOf, argumentsOf } from './arguments.ts';

/** What the source says of things, by their paths below a service: `servers`, `servers.list`, `servers.list.host`. */
export type Comments = ReadonlyMap<string, string>;

type Resource = ServiceSpec['resources'][string];
type Operation = Resource['operations'][string];

/** The page of a service: each of its operations, with the arguments that it takes. */
export function pageOf(key: string, service: ServiceSpec, comments: Comments): string {
  const resources = Object.entries(service.resources);
  const count = resources.reduce((sum, [, { operations }]) => sum + Object.keys(operations).length, 0);
  const lines = [
    `# cloud.${key}`,
    '',
    `${count} operations of the service type \`${service.type}\`, of version ${service.major} of its API.`,
    ...(service.microversion === undefined
      ? []
      : [
          `Without a pin (\`cloud.${key}.at('…')\`) each operation asks for the microversion that introduced it; the others for ${service.microversion.floor}.`,
        ]),
    '',
    ...resources.map(([name]) => `- [${name}](#${anchor(name)})`),
    '',
    ...resources.flatMap(([name, resource]) => resourceLines(`cloud.${key}`, name, resource, comments)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function resourceLines(client: string, name: string, resource: Resource, comments: Comments): string[] {
  const { findBy, settles, operations } = resource;
  return [
    `## ${name}`,
    '',
    ...paragraph(comments.get(name)),
    ...(findBy === undefined
      ? []
      : [`\`find(idOr${capital(findBy)})\` finds one by its id or its \`${findBy}\`.`, '']),
    ...(settles === undefined
      ? []
      : [
          `\`waitFor(id, state)\` waits for its \`${settles.field}\`, \`waitGone(id)\` until it is gone.`,
          '',
        ]),
    ...Object.entries(operations).flatMap(([operation, spec]) =>
      operationLines(client, `${name}.${operation}`, spec, comments),
    ),
  ];
}

function operationLines(client: string, path: string, spec: Operation, comments: Comments): string[] {
  const taken = argumentsOf(spec);
  const answered = answerOf(spec);
  return [
    `### ${client}.${path}`,
    '',
    ...paragraph(comments.get(path)),
    `\`${spec.verb} ${spec.path}\`${spec.action === undefined ? '' : `, action \`${spec.action}\``}${versionsOf(spec)}${spec.page === undefined ? '' : '; an async iterable of the items'}`,
    '',
    ...(taken.length === 0
      ? []
      : [
          '| argument | type | in | microversions | |',
          '| --- | --- | --- | --- | --- |',
          ...taken.map(
            ({ name, type, optional, place, versions }) =>
              `| \`${name}\`${optional ? '' : ' (required)'} | \`${cell(type)}\` | ${place} | ${versions} | ${cell(comments.get(`${path}.${name}`) ?? '')} |`,
          ),
          '',
        ]),
    ...(answered.length === 0
      ? []
      : [
          `Answers ${answered.map(({ name, versions }) => `\`${name}\`${versions === '' ? '' : ` (${versions})`}`).join(', ')}.`,
          '',
        ]),
  ];
}

function versionsOf({ since, until }: Operation): string {
  const words = [
    ...(since === undefined ? [] : [`from ${since}`]),
    ...(until === undefined ? [] : [`before ${until}`]),
  ];
  return words.length === 0 ? '' : `, ${words.join(', ')}`;
}

const paragraph = (text: string | undefined): string[] =>
  text === undefined || text === '' ? [] : [text, ''];
const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll(/\s*\n\s*/g, ' ');
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const anchor = (text: string): string => text.toLowerCase();
